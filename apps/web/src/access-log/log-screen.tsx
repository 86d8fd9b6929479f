import { useState } from "react";
import { useSearchParams } from "wouter";
import type { LogView } from "../device/log/log.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Card, Page, Section } from "../parts/page.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Failure, Nothing, Waiting } from "../parts/states.tsx";
import { useFinal } from "../security/step-up.tsx";
import { useText } from "../text/text.tsx";
import { Checked } from "./checked.tsx";
import { Filters } from "./filters.tsx";
import { LogRows } from "./log-rows.tsx";
import { type LogFilter, shownItems } from "./shown-items.ts";

/** Who looked for her, asked, was let in, searched and read; and whether the log can be believed. */
export default function LogScreen() {
  const { accessLog, shell } = useText();
  const [everything, setEverything] = useState(false);
  const log = useAsk(() => device().log.read(everything), [everything]);
  return (
    <Page title={shell.places.log} lead={accessLog.lead}>
      {log.state === "loading" && <Waiting for={accessLog.waiting} lines={6} />}
      {log.state === "failed" && <Failure of={log.problem} onAgain={log.again} />}
      {log.state === "ready" && (
        <>
          <Checked of={log.view} isAsking={log.isAsking}>
            <Actions>
              <Button isPending={log.isAsking} onPress={log.again}>
                {accessLog.again}
              </Button>
              {!everything && (
                <Button onPress={() => setEverything(true)}>{accessLog.everything}</Button>
              )}
            </Actions>
          </Checked>
          <Happened of={log.view} />
          <Export />
        </>
      )}
    </Page>
  );
}

function Happened({ of: { items } }: { readonly of: LogView }) {
  const { accessLog } = useText();
  const [asked, setAsked] = useSearchParams();
  const access = asked.get("access") ?? undefined;
  const [filter, setFilter] = useState<Omit<LogFilter, "access">>({
    group: "all",
    who: undefined,
    onlyFindings: false,
  });
  const shown = shownItems(items, { ...filter, access });
  if (items.length === 0) {
    return (
      <Nothing title={accessLog.none}>
        <p>{accessLog.noneMore}</p>
      </Nothing>
    );
  }
  return (
    <>
      <Filters
        items={items}
        filter={{ ...filter, access }}
        onChange={({ access: kept, ...others }) => {
          setFilter(others);
          if (kept !== access) setAsked({});
        }}
      />
      {shown.length === 0 ? <Nothing title={accessLog.noneLeft} /> : <LogRows of={shown} />}
    </>
  );
}

const NDJSON = "application/fhir+ndjson";

function Export() {
  const { accessLog } = useText();
  const [isSaved, setSaved] = useState(false);
  const exporting = useFinal(
    () => device().log.events(),
    (events) => {
      saveFile(new Blob([events], { type: NDJSON }), "salus-access-log.ndjson");
      setSaved(true);
    },
  );
  return (
    <Section title={accessLog.export}>
      <Card>
        <p>{accessLog.exportLead}</p>
        {exporting.problem && <Failure of={exporting.problem} />}
        <Actions>
          <Button isPending={exporting.isPending} onPress={exporting.start}>
            {accessLog.exportAnswer}
          </Button>
          <span role="status">{isSaved && accessLog.exported}</span>
        </Actions>
      </Card>
      {exporting.question}
    </Section>
  );
}
