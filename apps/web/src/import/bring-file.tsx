import { useState } from "react";
import type { Brought } from "../device/bringing/bringing.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions } from "../parts/button.tsx";
import { FileField } from "../parts/file-field.tsx";
import { Section } from "../parts/page.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";
import { BringingProgress, BroughtReport } from "./brought.tsx";

const FHIR = [".json", ".ndjson", ".jsonl", ".gz", "application/json", "application/fhir+json"];

/** Records of a FHIR file. */
export function BringFile() {
  const { file } = useText().importing;
  const [brought, setBrought] = useState<Brought>();
  const bringing = useDo((chosen: File) => device().bringing.fhir(chosen), setBrought);
  return (
    <Section title={file.title}>
      <p>{file.lead}</p>
      <Actions>
        <FileField
          accept={FHIR}
          onChoose={([chosen]) => {
            setBrought(undefined);
            if (chosen) bringing.start(chosen);
          }}
        >
          {file.choose}
        </FileField>
      </Actions>
      {bringing.isPending && <BringingProgress />}
      {bringing.problem && <Failure of={bringing.problem} />}
      {brought && !bringing.isPending && <BroughtReport of={brought} />}
    </Section>
  );
}
