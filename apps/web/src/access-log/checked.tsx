import { fromHex } from "@salus/base";
import { CircleAlert, CircleHelp, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import type { LogState, LogView } from "../device/log/log.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Card } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { saveFile } from "../parts/save-file.ts";
import { Silent } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";

/** Whether what is shown can be believed: what was checked, and an alarm where something cannot be. */
export function Checked({
  of,
  isAsking,
  children,
}: {
  readonly of: LogView;
  /** Whether it is being checked once more, so that what is newer is not shown yet. */
  readonly isAsking: boolean;
  readonly children: ReactNode;
}) {
  const { accessLog } = useText();
  const format = useFormat();
  const logs = [of.record, of.account];
  const findings = of.items.filter((item) => item.findings.length > 0).length;
  const fits = logs.every(({ state }) => state === "fits") && findings === 0;
  return (
    <>
      {logs.map((log, at) =>
        log.state === "contradicts" ? (
          <Alarm
            key={at === 0 ? "record" : "account"}
            of={log}
            name={at === 0 ? accessLog.record : accessLog.account}
          />
        ) : null,
      )}
      {logs.map((log, at) =>
        log.state === "unasked" ? (
          <Silent
            key={at === 0 ? "record" : "account"}
            title={at === 0 ? accessLog.record : accessLog.account}
          >
            <p>{accessLog.unasked}</p>
          </Silent>
        ) : null,
      )}
      {of.kept.length > 0 && <Kept of={of.kept} />}
      {findings > 0 && (
        <Card tone="alert">
          <h2 className="salus-with-icon">
            <CircleAlert size={22} aria-hidden="true" />
            {accessLog.findingsTitle}
          </h2>
          <p>{accessLog.findingsMore(findings)}</p>
        </Card>
      )}
      <Card>
        {fits && (
          <h2 className="salus-with-icon" data-tone="good">
            <ShieldCheck size={22} aria-hidden="true" />
            {accessLog.fits}
          </h2>
        )}
        <p className="salus-soft" role="status">
          {isAsking ? accessLog.checking : accessLog.fitsMore(format.dateTime(of.checked))}
        </p>
        <Disclosure title={accessLog.checkedTitle}>
          <Facts
            of={[
              [accessLog.record, <State key="record" of={of.record} />],
              [accessLog.account, <State key="account" of={of.account} />],
            ]}
          />
        </Disclosure>
        {children}
      </Card>
    </>
  );
}

function State({ of }: { readonly of: LogState }) {
  const { accessLog } = useText();
  const format = useFormat();
  if (of.state === "contradicts") return accessLog.hows[of.how];
  if (of.state === "unasked") {
    return (
      <span className="salus-with-icon">
        <CircleHelp size={18} aria-hidden="true" />
        {accessLog.unasked}
      </span>
    );
  }
  return (
    <>
      {accessLog.fitsLog(format.number(of.size), format.number(of.own))}{" "}
      {of.scanned ? accessLog.scanned : accessLog.notScanned}
    </>
  );
}

function Alarm({
  of,
  name,
}: {
  readonly of: Extract<LogState, { readonly state: "contradicts" }>;
  readonly name: string;
}) {
  const { accessLog } = useText();
  const { evidence } = of;
  return (
    <Card tone="alert">
      <h2 className="salus-with-icon" role="alert">
        <CircleAlert size={22} aria-hidden="true" />
        {accessLog.alarm}
      </h2>
      <p>
        <strong>{name}:</strong> {accessLog.hows[of.how]}
      </p>
      <p>{accessLog.alarmSafe}</p>
      {evidence === undefined ? (
        <p>{accessLog.noEvidence}</p>
      ) : (
        <>
          <p>{accessLog.alarmNext}</p>
          <Save evidence={[evidence]} />
        </>
      )}
    </Card>
  );
}

function Kept({ of }: { readonly of: readonly string[] }) {
  const { accessLog } = useText();
  return (
    <Card tone="alert">
      <h2>{accessLog.keptTitle}</h2>
      <p>{accessLog.keptMore}</p>
      <p>{accessLog.alarmNext}</p>
      <Save evidence={of} />
    </Card>
  );
}

function Save({ evidence }: { readonly evidence: readonly string[] }) {
  const { accessLog } = useText();
  const save = (): void => {
    for (const [at, hex] of evidence.entries()) {
      const bytes = fromHex(hex);
      const name = `salus-log-evidence-${at + 1}.cbor`;
      if (bytes.ok) saveFile(new Blob([bytes.value], { type: "application/cbor" }), name);
    }
  };
  return (
    <Actions>
      <Button onPress={save}>{accessLog.saveEvidence}</Button>
    </Actions>
  );
}
