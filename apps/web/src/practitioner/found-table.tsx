import { useState } from "react";
import { Link } from "wouter";
import { Told } from "../deciding/told.tsx";
import type { Entry } from "../device/practice/entry.ts";
import type { AskedPatient } from "../device/practice/questions.ts";
import { type Column, Table } from "../parts/table.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { valueWords } from "../text/value-words.ts";
import { EntryDialog } from "./entry-dialog.tsx";
import { nameText } from "./patient-name.tsx";
import { organisationsOf } from "./source-words.ts";

/** What a question has found, a fact a line; of several patients each with her name. */
export function Found({
  entries,
  patients,
  single,
}: {
  readonly entries: readonly Entry[];
  readonly patients: readonly AskedPatient[];
  readonly single: boolean;
}) {
  const text = useText();
  const { question, chart } = text.practitioner;
  const format = useFormat();
  const [opened, setOpened] = useState<Entry>();
  const called = new Map(patients.map((one) => [one.vault, nameText(one, text)]));
  const whose: Column<Entry> = {
    head: question.patient,
    cell: ({ vault }) => (
      <Link href={`/patients/${vault}`}>
        <Told>{called.get(vault) ?? ""}</Told>
      </Link>
    ),
  };
  const columns: readonly Column<Entry>[] = [
    {
      head: question.when,
      cell: ({ said }) => (
        <span className="salus-whole">
          {said.date === "" ? chart.undated : format.date(said.date)}
        </span>
      ),
    },
    {
      head: question.what,
      cell: (entry) => (
        <button type="button" className="salus-cell" onClick={() => setOpened(entry)}>
          <Told>{entry.said.title || entry.said.type}</Told>
        </button>
      ),
    },
    {
      head: question.value,
      isNumber: true,
      cell: ({ said }) => <Told>{valueWords(said, format)}</Told>,
    },
    {
      head: question.by,
      cell: (entry) => <Told>{format.list(organisationsOf(entry, text))}</Told>,
    },
  ];
  return (
    <>
      <Table
        caption={question.found(entries.length)}
        isCaptionSeen={false}
        columns={single ? columns : [whose, ...columns]}
        items={entries}
        keyOf={({ vault, id }) => `${vault}${id}`}
      />
      <EntryDialog of={opened} onClose={() => setOpened(undefined)} />
    </>
  );
}
