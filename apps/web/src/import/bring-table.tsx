import { useState } from "react";
import type { Brought } from "../device/bringing/bringing.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { FileField } from "../parts/file-field.tsx";
import { Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { BringingProgress, BroughtReport } from "./brought.tsx";
import type { ReadTable } from "./measured-table.ts";

const TABLES = [".csv", ".tsv", ".txt", "text/csv", "text/tab-separated-values"];

/** Measurements of a table: what was understood is said before anything is added. */
export function BringTable() {
  const { table } = useText().importing;
  const [read, setRead] = useState<ReadTable>();
  const [brought, setBrought] = useState<Brought>();
  const bringing = useDo(device().bringing.measurements, (report) => {
    setRead(undefined);
    setBrought(report);
  });
  const choose = async (file: File | undefined): Promise<void> => {
    setBrought(undefined);
    const { readTable } = await import("./measured-table.ts");
    setRead(file && readTable(await file.text()));
  };
  return (
    <Section title={table.title}>
      <p>{table.lead}</p>
      <Actions>
        <FileField
          accept={TABLES}
          onChoose={([file]) => {
            void choose(file);
          }}
        >
          {table.choose}
        </FileField>
      </Actions>
      {read && !bringing.isPending && (
        <Understood
          read={read}
          onAdd={() => {
            if (read.kind === "rows") bringing.start(read.rows);
          }}
        />
      )}
      {bringing.isPending && <BringingProgress />}
      {bringing.problem && <Failure of={bringing.problem} />}
      {brought && <BroughtReport of={brought} />}
    </Section>
  );
}

function Understood({ read, onAdd }: { readonly read: ReadTable; readonly onAdd: () => void }) {
  const { table } = useText().importing;
  const format = useFormat();
  if (read.kind === "no-time") return <p role="alert">{table.noTime}</p>;
  if (read.kind === "no-measurements") return <p role="alert">{table.noMeasurements}</p>;
  const good = read.rows.filter((row) => "measurement" in row).length;
  const [found, refused] = [format.number(good), format.number(read.rows.length - good)];
  return (
    <>
      <p role="status">{table.found(found, refused)}</p>
      {good > 0 && (
        <Actions>
          <Button kind="main" onPress={onAdd}>
            {table.action(found)}
          </Button>
        </Actions>
      )}
    </>
  );
}
