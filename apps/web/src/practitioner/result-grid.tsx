import { useState } from "react";
import { Told } from "../deciding/told.tsx";
import type { Entry } from "../device/practice/entry.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Section } from "../parts/page.tsx";
import { Failure, Waiting } from "../parts/states.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { judgementOf, valueText } from "../text/value-words.ts";
import { SectionStates } from "./chart-section.tsx";
import { EntryDialog } from "./entry-dialog.tsx";
import { EntryRows } from "./entry-rows.tsx";
import { type Result, type ResultRow, type ResultTable, resultTable } from "./result-table.ts";
import { Trend } from "./trend.tsx";

/** As many as stand beside each other on most desktops. */
const DAYS_SHOWN = 5;

/** Results as a clinician reads them: tests by dates, what is unusual marked, a line for each. */
export function ResultGrid({
  vault,
  name,
}: {
  readonly vault: string;
  readonly name: "labs" | "vitals";
}) {
  const { chart } = useText().practitioner;
  const section = useAsk(() => device().practice.section(vault, name), [vault, name]);
  const title = chart.sections[name];
  return (
    <Section title={title}>
      {section.state === "loading" && <Waiting for={title} lines={8} />}
      {section.state === "failed" && <Failure of={section.problem} onAgain={section.again} />}
      {section.state === "ready" && (
        <>
          <Grid title={title} table={resultTable(section.view.entries)} />
          <SectionStates title={title} of={section.view} />
        </>
      )}
    </Section>
  );
}

function Grid({ title, table }: { readonly title: string; readonly table: ResultTable }) {
  const { chart } = useText().practitioner;
  const format = useFormat();
  const [from, setFrom] = useState(0);
  const [opened, setOpened] = useState<Entry>();
  const days = table.days.slice(from, from + DAYS_SHOWN);
  const shown = table.rows.filter(({ days: own }) => days.some((day) => own.has(day)));
  if (table.rows.length === 0) return null;
  return (
    <>
      {/* Focusable, so that it can be moved with the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1 asks for it where content scrolls. */}
      <section className="salus-table-frame" aria-label={chart.grid(title)} tabIndex={0}>
        <table className="salus-table salus-grid">
          <caption>{chart.grid(title)}</caption>
          <thead>
            <tr>
              <th scope="col">{chart.testName}</th>
              <th scope="col">{chart.trend}</th>
              {days.map((day) => (
                <th key={day} scope="col" data-number>
                  {format.date(day)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <GridRow key={row.key} row={row} days={days} onOpen={setOpened} />
            ))}
          </tbody>
        </table>
      </section>
      {table.days.length > DAYS_SHOWN && (
        <Actions>
          <Button isDisabled={from === 0} onPress={() => setFrom(from - DAYS_SHOWN)}>
            {chart.newerDates}
          </Button>
          <Button
            isDisabled={from + DAYS_SHOWN >= table.days.length}
            onPress={() => setFrom(from + DAYS_SHOWN)}
          >
            {chart.olderDates}
          </Button>
          <span className="salus-row-detail">
            {chart.shown(from + 1, from + days.length, table.days.length)}
          </span>
        </Actions>
      )}
      <EntryRows label={chart.undated} of={table.undated} />
      <EntryDialog of={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

function GridRow({
  row,
  days,
  onOpen,
}: {
  readonly row: ResultRow;
  readonly days: readonly string[];
  readonly onOpen: (entry: Entry) => void;
}) {
  const format = useFormat();
  // The unit stands in the row's name, and not in every cell.
  const unit = row.unit === "" ? "" : format.quantity(1, row.unit).replace(/^\S+?(?:\u00a0|$)/, "");
  return (
    <tr>
      <th scope="row">
        <Told>{row.name}</Told>
        {unit !== "" && (
          <span className="salus-row-detail">
            {" "}
            <Told>{unit}</Told>
          </span>
        )}
      </th>
      <td>
        <Trend name={row.name} of={row.trend} />
      </td>
      {days.map((day) => (
        <td key={day} data-number>
          {(row.days.get(day) ?? []).map((result) => (
            <Cell key={`${result.entry.id} ${result.value.label}`} of={result} onOpen={onOpen} />
          ))}
        </td>
      ))}
    </tr>
  );
}

function Cell({ of, onOpen }: { readonly of: Result; readonly onOpen: (entry: Entry) => void }) {
  const { chart } = useText().practitioner;
  const format = useFormat();
  const { value, entry } = of;
  const judged = judgementOf(value);
  const shown = valueText({ ...value, unit: "" }, format);
  const sources = entry.records.length;
  return (
    <button
      type="button"
      className="salus-cell"
      data-judged={judged || undefined}
      onClick={() => onOpen(entry)}
    >
      <Told>{shown}</Told>
      {judged !== "" && <span className="salus-cell-word">{chart[judged]}</span>}
      {sources > 1 && <span className="salus-cell-word">{chart.sources(sources)}</span>}
    </button>
  );
}
