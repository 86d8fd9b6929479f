import { useState } from "react";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { DropArea } from "./drop-area.tsx";

/** Chooses files and begins to upload them. The page holds what they are called, the device reads them. */
export function UploadForm({
  by,
  onBegun,
}: {
  readonly by: readonly { readonly value: string; readonly label: string }[];
  readonly onBegun: () => void;
}) {
  const { administrator } = useText();
  const { uploads } = administrator;
  const format = useFormat();
  const [from, setFrom] = useState(by[0]?.value ?? "");
  const [files, setFiles] = useState<readonly File[]>([]);
  const [alias, setAlias] = useState("");
  const starting = useDo(device().organisation.uploads.start, () => {
    setFiles([]);
    onBegun();
  });
  const add = (more: readonly File[]): void => {
    const known = new Set(files.map(({ name, size }) => `${name} ${size}`));
    setFiles([...files, ...more.filter(({ name, size }) => !known.has(`${name} ${size}`))]);
  };
  return (
    <Form label={uploads.start} onSubmit={() => starting.start(from, files, alias.trim())}>
      <DropArea onFiles={add} />
      {files.length > 0 && (
        <>
          <div className="salus-chosen">
            <Rows label={uploads.chosen(files.length)}>
              {files.map((file) => (
                <Row
                  key={`${file.name} ${file.size}`}
                  title={<bdi>{file.name}</bdi>}
                  end={format.bytes(file.size)}
                />
              ))}
            </Rows>
          </div>
          <div className="salus-beside">
            {by.length > 1 && (
              <Select label={administrator.choose} choices={by} value={from} onChange={setFrom} />
            )}
            <Field
              label={uploads.alias}
              hint={uploads.aliasHint}
              value={alias}
              onChange={setAlias}
              maxLength={200}
            />
          </div>
        </>
      )}
      {starting.problem && <Failure of={starting.problem} />}
      {files.length > 0 && (
        <Actions>
          <Button kind="main" type="submit" isPending={starting.isPending}>
            {uploads.start}
          </Button>
          <Button kind="quiet" onPress={() => setFiles([])}>
            {uploads.clear}
          </Button>
        </Actions>
      )}
    </Form>
  );
}
