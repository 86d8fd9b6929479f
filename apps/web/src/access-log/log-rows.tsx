import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { ReaderText } from "../deciding/names.tsx";
import { Told } from "../deciding/told.tsx";
import type { LogItem } from "../device/log/trail-view.ts";
import { Button } from "../parts/button.tsx";
import { Badge } from "../parts/chip.tsx";
import { Row, Rows } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";

const AT_ONCE = 50;

/** What happened, the newest first. */
export function LogRows({ of }: { readonly of: readonly LogItem[] }) {
  const { accessLog, parts } = useText();
  const format = useFormat();
  const [count, setCount] = useState(AT_ONCE);
  return (
    <>
      <Rows label={accessLog.groups.all}>
        {of.slice(0, count).map((item) => (
          <Row
            key={item.id}
            title={
              <>
                {item.who === undefined ? accessLog.nobody : <ReaderText of={item.who} />}{" "}
                <span className="salus-did">{accessLog.did[item.did]}</span>
              </>
            }
            detail={<Detail of={item} />}
            end={<span className="salus-soft">{format.dateTime(item.time)}</span>}
          />
        ))}
      </Rows>
      {of.length > count && <Button onPress={() => setCount(count + AT_ONCE)}>{parts.more}</Button>}
    </>
  );
}

function Detail({ of }: { readonly of: LogItem }) {
  const { accessLog, record } = useText();
  const { who, claims, query, got, findings } = of;
  return (
    <span className="salus-log-detail">
      {who?.kind === "certified" && <Told>{who.organisation}</Told>}
      {claims !== undefined && (
        <span>
          {accessLog.claims} “<Told>{claims}</Told>”
        </span>
      )}
      {query !== "" && (
        <span>
          {accessLog.asked}: {record.types[query.split("?")[0] ?? ""]}{" "}
          <Told>
            <code>{query}</code>
          </Told>
        </span>
      )}
      {got > 0 && <span>{accessLog.got(got)}</span>}
      {findings.map((kind) => (
        <Badge key={kind} tone="alert" icon={<CircleAlert size={14} aria-hidden="true" />}>
          {accessLog.findings[kind] ?? accessLog.otherFinding(kind)}
        </Badge>
      ))}
    </span>
  );
}
