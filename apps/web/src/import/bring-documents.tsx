import { useEffect, useState } from "react";
import { device } from "../page/call.ts";
import { sharedDocuments } from "../page/service-worker-registration.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { FileField } from "../parts/file-field.tsx";
import { Card, Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { BroughtReport } from "./brought.tsx";

const DOCUMENTS = ["application/pdf", "image/jpeg", "image/png", "image/webp", "text/plain"];
const BYTES_MAX = 5 * 1024 * 1024;

/** Documents and photos, chosen here or shared by another program. */
export function BringDocuments() {
  const { document: words } = useText().importing;
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isShared, setShared] = useState(false);
  useEffect(() => {
    if (!new URLSearchParams(location.search).has("shared")) return;
    void sharedDocuments().then((shared) => {
      setFiles(shared);
      setShared(true);
    });
  }, []);
  return (
    <Section title={words.title}>
      <p>{words.lead}</p>
      {isShared && <p role="status">{files.length > 0 ? words.shared : words.again}</p>}
      <Actions>
        <FileField accept={DOCUMENTS} multiple onChoose={setFiles}>
          {words.choose}
        </FileField>
      </Actions>
      {files.map((file) => (
        <OneDocument key={`${file.name} ${file.size} ${file.lastModified}`} file={file} />
      ))}
    </Section>
  );
}

function OneDocument({ file }: { readonly file: File }) {
  const { document: words } = useText().importing;
  const format = useFormat();
  const [title, setTitle] = useState(file.name.replace(/\.[^.]*$/, ""));
  const [date, setDate] = useState(() => dayOf(file.lastModified));
  const [isDone, setDone] = useState(false);
  const bringing = useDo(
    () => device().bringing.document(file, { title, date }),
    () => setDone(true),
  );
  if (file.size > BYTES_MAX) return <p role="alert">{words.tooLarge(file.name)}</p>;
  return (
    <Card label={file.name}>
      <p className="salus-row-detail">
        <bdi>{file.name}</bdi> · {format.bytes(file.size)}
      </p>
      {isDone ? (
        <BroughtReport of={{ taken: 1, unchanged: 0, refused: [], moreRefused: 0 }} />
      ) : (
        <Form onSubmit={() => bringing.start()}>
          <Field label={words.name} value={title} onChange={setTitle} maxLength={200} isRequired />
          <Field label={words.date} type="date" value={date} onChange={setDate} isRequired />
          {bringing.problem && <Failure of={bringing.problem} />}
          <Button kind="main" type="submit" isPending={bringing.isPending}>
            {words.action}
          </Button>
        </Form>
      )}
    </Card>
  );
}

function dayOf(time: number): string {
  const day = new Date(time);
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
}
