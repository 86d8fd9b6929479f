import type { DescribedValue } from "@salus/health";
import type { ReactNode } from "react";
import { Told } from "../deciding/told.tsx";
import type { Entry, RecordView } from "../device/practice/entry.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Facts } from "../parts/rows.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { valueText } from "../text/value-words.ts";

/** All that is known of one fact: each source's own record, and the record as it was written. */
export function EntryDialog({
  of,
  onClose,
}: {
  readonly of: Entry | undefined;
  readonly onClose: () => void;
}) {
  const { chart } = useText().practitioner;
  return (
    <Dialog title={of?.said.title || chart.entry} isOpen={of !== undefined} onClose={onClose}>
      {of !== undefined && of.records.length > 1 && <p>{chart.sameTwice}</p>}
      {of?.records.map((record) => (
        <OneRecord key={record.record} of={record} />
      ))}
    </Dialog>
  );
}

function OneRecord({ of: { said, recorder, json } }: { readonly of: RecordView }) {
  const { practitioner } = useText();
  const { chart } = practitioner;
  const format = useFormat();
  const { organisation, by, assigned } = recorder;
  const who = assigned === "patient" ? chart.herself : (organisation ?? chart.unnamed);
  const facts: (readonly [string, ReactNode])[] = [
    [chart.recordedBy, <Told key="by">{[who, ...by].join(" · ")}</Told>],
    [chart.date, dateText(said.date, said.end, format, chart.undated)],
  ];
  if (assigned === "inferred") facts.push(["", chart.inferred]);
  if (said.status !== "") facts.push([chart.status, <Told key="status">{said.status}</Told>]);
  for (const value of said.values) {
    const label = value.label === "" ? chart.value : value.label;
    facts.push([label, <Told key={label}>{valueText(value, format)}</Told>]);
    const range = rangeText(value, format);
    if (range !== "") facts.push([chart.range, range]);
  }
  for (const { name, text } of said.details) {
    facts.push([chart.details[name], <Told key={name}>{text}</Told>]);
  }
  const codes = said.codes.map(({ code, display }) => `${code} ${display}`.trim());
  if (codes.length > 0) facts.push([chart.codes, <Told key="codes">{codes.join("; ")}</Told>]);
  return (
    <div className="salus-record">
      <Facts of={facts} />
      <Disclosure title={chart.raw}>
        <pre className="salus-raw" dir="ltr">
          {json}
        </pre>
      </Disclosure>
    </div>
  );
}

/** `70 – 100`, `≤ 30`, `≥ 60`. */
function rangeText({ low, high }: DescribedValue, format: ReturnType<typeof useFormat>): string {
  if (low === undefined) return high === undefined ? "" : `≤ ${format.number(high)}`;
  return high === undefined
    ? `≥ ${format.number(low)}`
    : `${format.number(low)} – ${format.number(high)}`;
}

function dateText(
  date: string,
  end: string,
  format: ReturnType<typeof useFormat>,
  undated: string,
): string {
  if (date === "") return undated;
  const from = date.length > 10 ? format.dateTime(date) : format.date(date);
  return end === "" || end === date ? from : `${from} – ${format.date(end)}`;
}
