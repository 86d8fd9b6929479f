import { useState } from "react";
import { Told } from "../deciding/told.tsx";
import type { Entry } from "../device/practice/entry.ts";
import { Badge } from "../parts/chip.tsx";
import { Judgement } from "../record/line-row.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { valueWords } from "../text/value-words.ts";
import { EntryDialog } from "./entry-dialog.tsx";
import { organisationsOf } from "./source-words.ts";

/** Statuses of what is over. */
const PAST = /^(?:resolved|inactive|remission|completed|stopped|cancelled|finished)$/;

/** Facts one below the other, the present before the past where they have both. */
export function EntryRows({
  label,
  of,
  most = of.length,
}: {
  readonly label: string;
  readonly of: readonly Entry[];
  readonly most?: number;
}) {
  const { chart } = useText().practitioner;
  const [opened, setOpened] = useState<Entry>();
  if (of.length === 0) return null;
  const isPast = ({ said }: Entry): boolean => LASTING.has(said.type) && PAST.test(said.status);
  const [now, past] = [of.filter((one) => !isPast(one)), of.filter(isPast)];
  const groups =
    past.length === 0 ? [["", now] as const] : [["", now] as const, [chart.past, past] as const];
  return (
    <>
      {groups.map(
        ([title, entries]) =>
          entries.length > 0 && (
            <div key={title} className="salus-entries">
              {title !== "" && <h3>{title}</h3>}
              <ul className="salus-rows" aria-label={title === "" ? label : `${label}: ${title}`}>
                {entries.slice(0, most).map((entry) => (
                  <EntryRow key={entry.id} of={entry} onOpen={() => setOpened(entry)} />
                ))}
              </ul>
            </div>
          ),
      )}
      <EntryDialog of={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}

const LASTING: ReadonlySet<string> = new Set([
  "AllergyIntolerance",
  "Condition",
  "MedicationRequest",
  "MedicationStatement",
]);

function EntryRow({ of, onOpen }: { readonly of: Entry; readonly onOpen: () => void }) {
  const text = useText();
  const format = useFormat();
  const { chart } = text.practitioner;
  const { said } = of;
  const sources = organisationsOf(of, text);
  const value = valueWords(said, format);
  const dose = said.details.find(({ name }) => name === "dose" || name === "conclusion")?.text;
  return (
    <li>
      <button type="button" className="salus-row salus-entry" onClick={onOpen}>
        <span className="salus-row-main">
          <span className="salus-row-title">
            <Told>{said.title === "" ? said.type : said.title}</Told>
            {value !== "" && (
              <>
                {" "}
                <Told>{value}</Told> <Judgement of={said} />
              </>
            )}
          </span>
          <span className="salus-row-detail">
            {said.date === "" ? chart.undated : format.date(said.date)}
            {dose !== undefined && (
              <>
                {" · "}
                <Told>{dose}</Told>
              </>
            )}
          </span>
        </span>
        <span className="salus-row-end">
          {sources.map((name) => (
            <Badge key={name}>{name}</Badge>
          ))}
        </span>
      </button>
    </li>
  );
}
