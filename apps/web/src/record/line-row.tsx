import type { DetailName } from "@salus/health";
import { User } from "lucide-react";
import { Link } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { FromView, Line } from "../device/record/views.ts";
import { Badge } from "../parts/chip.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { judgementOf, valueWords } from "../text/value-words.ts";
import { useOwnName } from "./own-name.ts";
import { titleOf } from "./title.ts";

/** A record as a row: what and when, what was found, who says so. */
export function LineRow({ of }: { readonly of: Line }) {
  const text = useText();
  const { record, practitioner } = text;
  const format = useFormat();
  const { handle, date, end, detail } = of;
  const value = valueWords(of, format);
  const status = AS_EXPECTED.has(of.status) ? undefined : record.statuses[of.status];
  const day = date === "" ? record.undated : format.date(date);
  const until = end === "" || end.slice(0, 10) === date.slice(0, 10) ? "" : format.date(end);
  return (
    <li className="salus-line">
      <Link href={`/item/${handle}`} className="salus-row">
        <div className="salus-row-main">
          <span className="salus-row-title">
            <Told>{titleOf(of, text)}</Told>
          </span>
          <span className="salus-row-detail">
            {until === "" ? day : `${day} – ${until}`}
            {status !== undefined && ` · ${status}`}
            {detail !== undefined && value === "" && (
              <>
                {" · "}
                {NAMED.has(detail.name) && `${practitioner.chart.details[detail.name]}: `}
                <Told>
                  {record.statuses[detail.text.toLowerCase()] ?? detail.text.slice(0, DETAIL_SHOWN)}
                </Told>
              </>
            )}
          </span>
        </div>
        <div className="salus-row-end">
          {value !== "" && (
            <span className="salus-value">
              <Told>{value}</Told> <Judgement of={of} />
            </span>
          )}
          <FromBadge of={of.from} />
        </div>
      </Link>
    </li>
  );
}

const DETAIL_SHOWN = 120;
/** Statuses that nearly every record has: only others say something. */
const AS_EXPECTED: ReadonlySet<string> = new Set(["final", "current", "finished", "completed"]);
/** Details that say too little without their name. */
const NAMED: ReadonlySet<DetailName> = new Set([
  "criticality",
  "severity",
  "results",
  "lot",
  "site",
]);

/** How the worst of a record's values stands to what is usual, in words. */
export function Judgement({ of }: { readonly of: Pick<Line, "values"> }) {
  const { chart } = useText().practitioner;
  const found = of.values.map(judgementOf);
  const worst = (["critical", "high", "low", "abnormal"] as const).find((one) =>
    found.includes(one),
  );
  if (worst === undefined) return null;
  return <Badge tone={worst === "critical" ? "alert" : "notice"}>{chart[worst]}</Badge>;
}

/** Who wrote it. */
export function FromBadge({ of }: { readonly of: FromView }) {
  const { record } = useText();
  const ownName = useOwnName();
  if (of.how === "own") {
    return (
      <Badge tone="accent" icon={<User size={14} aria-hidden="true" />}>
        {ownName}
      </Badge>
    );
  }
  return <Badge>{of.name ?? record.unnamed}</Badge>;
}
