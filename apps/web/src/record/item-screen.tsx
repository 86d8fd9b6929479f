import type { Detail } from "@salus/health";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { StoredRecord } from "../cloud-view/stored-view.tsx";
import { Told } from "../deciding/told.tsx";
import type { ItemView } from "../device/record/views.ts";
import { device } from "../page/call.ts";
import { useSession } from "../page/session.tsx";
import { useAsk, useDo } from "../page/use-ask.ts";
import { Actions, Button, ButtonLink } from "../parts/button.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Page, Section } from "../parts/page.tsx";
import { Facts } from "../parts/rows.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { judgementOf, valueText } from "../text/value-words.ts";
import { Covers } from "./covers.tsx";
import { Files } from "./files.tsx";
import { useOwnName } from "./own-name.ts";
import { Remarks } from "./remarks.tsx";
import { titleOf } from "./title.ts";

/** One record, fully. */
export default function ItemScreen() {
  const text = useText();
  const { record } = text;
  const { id = "" } = useParams();
  const asked = useAsk(() => device().record.item(id), [id]);
  const line = asked.state === "ready" ? asked.view.line : undefined;
  const chapter = line?.chapter;
  const back =
    chapter === undefined
      ? { to: "/record", label: record.overview.all }
      : { to: `/record/${chapter}`, label: record.chapters[chapter] };
  return (
    <Page title={line === undefined ? "…" : titleOf(line, text)} back={back}>
      {asked.state === "loading" && <Waiting for={record.waiting} lines={6} />}
      {asked.state === "failed" && <Failure of={asked.problem} onAgain={asked.again} />}
      {asked.state === "ready" && <Item of={asked.view} onChange={asked.again} />}
    </Page>
  );
}

function Item({ of, onChange }: { readonly of: ItemView; readonly onChange: () => void }) {
  const ownName = useOwnName();
  const { reading } = useSession();
  const text = useText();
  const { record, practitioner } = text;
  const format = useFormat();
  const { item } = record;
  const { line, details } = of;
  const { from } = line;
  const hospital = from.how === "own" ? ownName : (from.name ?? record.unnamed);
  const who = from.author === undefined ? hospital : item.through(from.author, hospital);
  const facts: (readonly [string, React.ReactNode])[] = [
    ...(titleOf(line, text) === line.title || line.title === ""
      ? []
      : [[item.called, <Told key="c">{line.title}</Told>] as const]),
    [item.date, line.date === "" ? record.undated : format.date(line.date)],
    ...(line.end === "" ? [] : [[item.until, format.date(line.end)] as const]),
    ...(line.status === ""
      ? []
      : [
          [
            item.status,
            <Told key="s">{record.statuses[line.status] ?? line.status}</Told>,
          ] as const,
        ]),
    [
      item.from,
      <Told key="f">{from.how === "inferred" ? `${who} (${record.inferred})` : who}</Told>,
    ],
    ...details
      .filter((detail) => !isSaid(detail, of))
      .map(
        ({ name, text: said }) =>
          [
            practitioner.chart.details[name],
            <Told key={name}>{record.statuses[said.toLowerCase()] ?? said}</Told>,
          ] as const,
      ),
  ];
  return (
    <>
      {of.seen !== undefined && (
        <p className="salus-offline">{item.offline(format.relative(of.seen))}</p>
      )}
      {line.values.length > 0 && <Values of={of} />}
      <Facts of={facts} />
      <Files of={of.attachments} />
      {of.seen !== undefined && <Raw of={of} />}
      {of.seen === undefined && (
        <>
          {from.how === "own" && reading === undefined && <OwnActions of={of} />}
          <Remarks of={of} onChange={onChange} />
          <Raw of={of} />
          {reading === undefined && <StoredRecord handle={line.handle} />}
          <Covers of={of} />
        </>
      )}
    </>
  );
}

/** What stands on the screen already: who signed it, and of what format its files are. */
function isSaid({ name, text }: Detail, { line, attachments }: ItemView): boolean {
  if (name === "format") return attachments.length > 0;
  return (name === "author" || name === "performer") && text === line.from.author;
}

/** What was found, with what is usual, and the way to its course over time. */
function Values({ of: { line, hasSeries } }: { readonly of: ItemView }) {
  const text = useText();
  const { record, practitioner } = text;
  const format = useFormat();
  const { item, result } = record;
  const title = titleOf(line, text);
  const columns = [
    { head: item.what, cell: (value: Value) => <Told>{value.label || title}</Told> },
    {
      head: item.value,
      isNumber: true,
      cell: (value: Value) => {
        const judged = judgementOf(value);
        return (
          <Told>
            {valueText(value, format)}
            {judged !== "" && ` (${practitioner.chart[judged]})`}
          </Told>
        );
      },
    },
    {
      head: item.range,
      cell: ({ low, high, unit }: Value) =>
        low === undefined && high === undefined
          ? ""
          : result.band(
              low === undefined ? "" : format.number(low),
              high === undefined ? "" : format.quantity(high, unit),
            ),
    },
  ];
  const hasRange = line.values.some(({ low, high }) => low !== undefined || high !== undefined);
  const keyOf = (value: Value): string =>
    `${value.label} ${value.unit} ${line.values.indexOf(value)}`;
  return (
    <Section title={item.values}>
      <Table
        caption={title}
        isCaptionSeen={false}
        columns={hasRange ? columns : columns.slice(0, 2)}
        items={line.values}
        keyOf={keyOf}
      />
      {hasSeries && (
        <Actions>
          <ButtonLink kind="main" to={`/result/${line.handle}`}>
            {item.chart}
          </ButtonLink>
        </Actions>
      )}
    </Section>
  );
}

type Value = ItemView["line"]["values"][number];

/** What she wrote herself she can correct and take back. */
function OwnActions({ of: { line } }: { readonly of: ItemView }) {
  const { item } = useText().record;
  const [, go] = useLocation();
  const [isAsking, setAsking] = useState(false);
  const removing = useDo(
    () => device().record.remove(line.handle),
    () => go(`/record/${line.chapter}`, { replace: true }),
  );
  return (
    <>
      <Actions>
        {line.type === "Observation" && (
          <ButtonLink to={`/measure/${line.handle}`}>{item.correct}</ButtonLink>
        )}
        <Button kind="final" onPress={() => setAsking(true)}>
          {item.remove}
        </Button>
      </Actions>
      {removing.problem && <Failure of={removing.problem} />}
      <Confirm
        title={item.removeTitle}
        answer={item.remove}
        isOpen={isAsking}
        isPending={removing.isPending}
        onAnswer={removing.start}
        onClose={() => setAsking(false)}
      >
        <p>{item.removeLead}</p>
      </Confirm>
    </>
  );
}

function Raw({ of: { raw, rawIsCut, codes, revision } }: { readonly of: ItemView }) {
  const { item } = useText().record;
  return (
    <Disclosure title={item.raw}>
      <Facts
        of={[
          [item.revision, revision],
          ...codes.map(
            ({ system, code, display }, at) =>
              [
                at === 0 ? item.codes : `${item.codes} ${at + 1}`,
                <Told key={code}>{`${display} ${code} (${system})`}</Told>,
              ] as const,
          ),
        ]}
      />
      {rawIsCut && <p>{item.rawCut}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls. */}
      <pre className="salus-raw" dir="ltr" tabIndex={0}>
        {raw}
      </pre>
    </Disclosure>
  );
}
