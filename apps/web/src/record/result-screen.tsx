import { lazy, Suspense, useState } from "react";
import { useParams } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { PointView, ResultSeriesView, SeriesView } from "../device/record/views.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Chip } from "../parts/chip.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Failure, Nothing, Silent, Waiting } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { Covers, isPartial, Warnings } from "./covers.tsx";
import { FromBadge } from "./line-row.tsx";
import { titleOf } from "./title.ts";

const Chart = lazy(() => import("./chart.tsx"));

/** All values of one result, over time and over all sources. */
export default function ResultScreen() {
  const text = useText();
  const { record } = text;
  const { code = "" } = useParams();
  const asked = useAsk(() => device().record.series(code), [code]);
  const title = asked.state === "ready" && asked.view.title !== "" ? titleOf(asked.view, text) : "";
  return (
    <Page
      title={title === "" ? record.types.Observation || "…" : title}
      wide
      back={{ to: `/item/${code}`, label: record.untitled(title) }}
    >
      {asked.state === "loading" && <Waiting for={record.waiting} lines={8} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && <Result of={asked.view} onAgain={asked.again} />}
    </Page>
  );
}

const YEAR_MS = 31_557_600_000;
const PERIODS = { all: Number.POSITIVE_INFINITY, "10y": 10, "3y": 3, "1y": 1 } as const;
type Period = keyof typeof PERIODS;

function Result({ of, onAgain }: { readonly of: ResultSeriesView; readonly onAgain: () => void }) {
  const { record, parts } = useText();
  const [period, setPeriod] = useState<Period>("all");
  const since =
    period === "all" ? Number.NEGATIVE_INFINITY : Date.now() - PERIODS[period] * YEAR_MS;
  const shown = of.series.map((one) => ({
    ...one,
    points: one.points.filter(({ time }) => time >= since),
  }));
  return (
    <>
      <Warnings of={of} />
      <fieldset className="salus-chips salus-periods">
        <legend className="salus-unseen">{record.result.period}</legend>
        {(Object.keys(PERIODS) as Period[]).map((one) => (
          <Chip key={one} isOn={one === period} onChange={() => setPeriod(one)}>
            {record.result.periods[one]}
          </Chip>
        ))}
      </fieldset>
      {of.series.length === 0 && !isPartial(of) && <Nothing title={record.result.none} />}
      {of.series.length === 0 && isPartial(of) && (
        <Silent title={record.list.maybeNone}>
          <p>{record.list.maybeNoneLead}</p>
          <Button onPress={onAgain}>{parts.again}</Button>
        </Silent>
      )}
      {shown.map((one) => (
        <Series key={`${one.title} ${one.unit}`} of={one} />
      ))}
      <Covers of={of} />
    </>
  );
}

function Series({ of }: { readonly of: SeriesView }) {
  const text = useText();
  const { record } = text;
  const format = useFormat();
  const { result } = record;
  const { unit, low, high, points } = of;
  const title = titleOf(of, text);
  const sources = new Set(points.map(({ from }) => from.source)).size;
  const range =
    low === undefined && high === undefined
      ? ""
      : result.range(
          low === undefined ? "" : format.number(low),
          high === undefined ? "" : format.quantity(high, unit),
        );
  const amount = (value: number): string => format.quantity(value, unit);
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const described = result.described(
    title,
    points.length,
    amount(least),
    amount(most),
    amount(values.at(-1) ?? 0),
  );
  const columns = [
    { head: record.item.date, cell: ({ date }: PointView) => format.date(date) },
    {
      head: record.item.value,
      isNumber: true,
      cell: ({ value, comparator }: PointView) => `${comparator} ${amount(value)}`.trim(),
    },
    { head: record.item.from, cell: ({ from }: PointView) => <FromBadge of={from} /> },
  ];
  return (
    <Section title={<Told>{title}</Told>}>
      <p className="salus-soft">
        {result.lead(points.length, sources, format.unit(unit))}
        {range !== "" && ` · ${range}`}
      </p>
      {points.length === 0 ? (
        <Nothing title={result.none} />
      ) : (
        <>
          <Suspense fallback={<Waiting for={title} lines={6} />}>
            <Chart of={of} described={described} />
          </Suspense>
          <Disclosure title={record.result.table(title)}>
            <Table
              caption={record.result.table(title)}
              isCaptionSeen={false}
              columns={columns}
              items={points.toReversed()}
              keyOf={({ handle, value }) => `${handle} ${value}`}
            />
          </Disclosure>
        </>
      )}
    </Section>
  );
}
