import type { Draft } from "../device/practice/written-resource.ts";
import { Field } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { en } from "../text/en/en.ts";
import { useFormat, useText } from "../text/text.tsx";

type Of<Kind extends Draft["kind"]> = Extract<Draft, { readonly kind: Kind }>;

/** Units that a measure can be written in, the usual one first. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  "8480-6": ["mm[Hg]"],
  "8462-4": ["mm[Hg]"],
  "8867-4": ["/min"],
  "8310-5": ["Cel", "[degF]"],
  "2708-6": ["%"],
  "9279-1": ["/min"],
  "29463-7": ["kg", "[lb_av]"],
  "8302-2": ["cm"],
  "2339-0": ["mg/dL", "mmol/L"],
};

const FIRST = "8480-6";

const EMPTY_DRAFTS: { readonly [Kind in Draft["kind"]]: Of<Kind> } = {
  note: { kind: "note", title: "", text: "" },
  measurement: {
    kind: "measurement",
    code: FIRST,
    display: displayOf(FIRST),
    value: "",
    unit: "mm[Hg]",
    time: 0,
  },
  prescription: { kind: "prescription", medicine: "", dose: "", days: "", reason: "" },
};

/** A draft to begin with: a measurement is mostly of this minute. */
export function emptyDraft(kind: Draft["kind"]): Draft {
  const empty = EMPTY_DRAFTS[kind];
  return empty.kind === "measurement" ? { ...empty, time: Date.now() } : empty;
}

/** What the record calls a measure, whatever language the screen speaks. */
function displayOf(code: string): string {
  return en.practitioner.write.measures[code] ?? code;
}

/** The fields of what is written. */
export function DraftFields({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}) {
  switch (draft.kind) {
    case "note":
      return <NoteFields draft={draft} onChange={onChange} />;
    case "measurement":
      return <MeasurementFields draft={draft} onChange={onChange} />;
    case "prescription":
      return <PrescriptionFields draft={draft} onChange={onChange} />;
  }
}

interface FieldsOf<Kind extends Draft["kind"]> {
  readonly draft: Of<Kind>;
  readonly onChange: (draft: Of<Kind>) => void;
}

function NoteFields({ draft, onChange }: FieldsOf<"note">) {
  const { write } = useText().practitioner;
  return (
    <>
      <Field
        label={write.noteTitle}
        value={draft.title}
        onChange={(title) => onChange({ ...draft, title })}
        maxLength={200}
      />
      <Field
        label={write.noteText}
        value={draft.text}
        onChange={(text) => onChange({ ...draft, text })}
        lines
        maxLength={10_000}
      />
    </>
  );
}

function MeasurementFields({ draft, onChange }: FieldsOf<"measurement">) {
  const { write } = useText().practitioner;
  const format = useFormat();
  const units = UNITS[draft.code] ?? [];
  const choose = (code: string): void =>
    onChange({ ...draft, code, display: displayOf(code), unit: UNITS[code]?.[0] ?? "" });
  const shown = (unit: string): string => format.quantity(1, unit).replace(/^\S+?\u00a0/, "");
  return (
    <>
      <Select
        label={write.what}
        value={draft.code}
        onChange={choose}
        choices={Object.entries(write.measures).map(([value, label]) => ({ value, label }))}
      />
      <div className="salus-pair">
        <Field
          label={write.value}
          inputMode="decimal"
          value={draft.value}
          onChange={(value) => onChange({ ...draft, value })}
        />
        <Select
          label={write.unit}
          value={draft.unit}
          onChange={(unit) => onChange({ ...draft, unit })}
          choices={units.map((value) => ({ value, label: shown(value) }))}
        />
      </div>
      <Field
        label={write.measuredAt}
        type="datetime-local"
        value={draft.time === 0 ? "" : localText(draft.time)}
        onChange={(text) => onChange({ ...draft, time: new Date(text).getTime() || 0 })}
      />
    </>
  );
}

function PrescriptionFields({ draft, onChange }: FieldsOf<"prescription">) {
  const { write } = useText().practitioner;
  return (
    <>
      <Field
        label={write.medicine}
        hint={write.medicineHint}
        value={draft.medicine}
        onChange={(medicine) => onChange({ ...draft, medicine })}
        maxLength={300}
      />
      <Field
        label={write.dose}
        hint={write.doseHint}
        value={draft.dose}
        onChange={(dose) => onChange({ ...draft, dose })}
        maxLength={500}
      />
      <Field
        label={write.forDays}
        inputMode="numeric"
        value={draft.days}
        onChange={(days) => onChange({ ...draft, days })}
      />
      <Field
        label={write.reason}
        value={draft.reason}
        onChange={(reason) => onChange({ ...draft, reason })}
        maxLength={300}
      />
    </>
  );
}

/** A moment as a field of a form has it, where the person is. */
function localText(time: number): string {
  const shift = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - shift).toISOString().slice(0, 16);
}
