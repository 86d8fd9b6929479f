import { useEffect, useState } from "react";
import type { PortableFile } from "../device/portable/portable.ts";
import { device } from "../page/call.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button, ButtonLink } from "../parts/button.tsx";
import { Page, Section } from "../parts/page.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Failure, Progress } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { SilentSources } from "./silent-sources.tsx";

/** Where a patient takes her record with her. */
export default function ExportScreen() {
  const { exporting, shell } = useText();
  return (
    <Page title={shell.places.export} lead={exporting.lead}>
      <Section title={exporting.summary.title}>
        <p>{exporting.summary.lead}</p>
        <Actions>
          <ButtonLink kind="main" to="/export/summary">
            {exporting.summary.open}
          </ButtonLink>
        </Actions>
      </Section>
      <Everything />
    </Page>
  );
}

const LOOK_MS = 400;

function Everything() {
  const { exporting } = useText();
  const format = useFormat();
  const [saved, setSaved] = useState<PortableFile>();
  const saving = useDo(
    () => device().portable.bundle(),
    (made) => {
      setSaved(made);
      saveFile(made.file, `salus-${new Date().toISOString().slice(0, 10)}.json`);
    },
  );
  const count = useProgress(saving.isPending);
  return (
    <Section title={exporting.all.title}>
      <p>{exporting.all.lead}</p>
      <Actions>
        <Button isPending={saving.isPending} onPress={() => saving.start()}>
          {exporting.all.action}
        </Button>
      </Actions>
      {saving.isPending && (
        <Progress
          label={exporting.all.progress(format.number(count))}
          done={count}
          of={undefined}
        />
      )}
      {saving.problem && <Failure of={saving.problem} onAgain={() => saving.start()} />}
      {saved && !saving.isPending && (
        <p role="status">{exporting.all.done(format.number(saved.records))}</p>
      )}
      {saved && <SilentSources names={saved.silent} />}
    </Section>
  );
}

/** How many records have been read while an export is at work. */
function useProgress(isAtWork: boolean): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!isAtWork) return;
    const timer = setInterval(() => {
      void device()
        .portable.progress()
        .then((read) => read.ok && setCount(read.value));
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [isAtWork]);
  return count;
}
