import { ok } from "@salus/base";
import { type ReactNode, useEffect, useId, useState } from "react";
import type { Chip, Question } from "../device/record/question.ts";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Field } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { plainName } from "../text/plain-name.ts";
import { useText } from "../text/text.tsx";
import { chosenCode, typedCode } from "./typed-code.ts";

const WITH_VALUES = "Observation";
/** Types whose date is not called so. */
const SORTS: Readonly<Record<string, string>> = {
  Condition: "-onset-date",
  MedicationRequest: "-authoredon",
};

/** What a question is made of, as fields; each change is a part of the question at once. */
export function QuestionFields({
  value,
  onChange,
  onTyped,
  suggests,
  children,
}: {
  readonly value: Question;
  readonly onChange: (question: Question) => void;
  /** What the question would be with what stands in a field and is no part of it yet. */
  readonly onTyped: (question: Question | undefined) => void;
  /** Whether codes are suggested that the record of whoever is here uses. */
  readonly suggests: boolean;
  /** A field more, beside the days. */
  readonly children?: ReactNode;
}) {
  const { record } = useText();
  const { search } = record;
  const types = Object.entries(record.types).map(([type, label]) => ({ value: type, label }));
  const known = types.some((type) => type.value === value.type)
    ? types
    : [...types, { value: value.type, label: value.type }];
  const set = (kind: Chip["kind"], chip: Chip | undefined): void => {
    const others = value.chips.filter((one) => one.kind !== kind);
    onChange({ ...value, chips: chip === undefined ? others : [chip, ...others] });
  };
  const dayOf = (kind: "from" | "to"): string => {
    const chip = value.chips.find((one) => one.kind === kind);
    return chip !== undefined && "day" in chip ? chip.day : "";
  };
  return (
    <div className="salus-filter">
      <Select
        label={search.what}
        choices={known}
        value={value.type}
        onChange={(type) =>
          onChange({
            type,
            chips: [{ kind: "other", name: "_sort", value: SORTS[type] ?? "-date" }],
          })
        }
      />
      <CodeField
        key={value.type}
        type={value.type}
        suggests={suggests}
        onAdd={(chip) => onChange(withCode(value, chip))}
        onTyped={(chip) => onTyped(chip && withCode(value, chip))}
      />
      {value.type === WITH_VALUES && <KindSelect value={value} onChange={set} />}
      <Field
        label={search.from}
        type="date"
        value={dayOf("from")}
        onChange={(day) => set("from", day === "" ? undefined : { kind: "from", day })}
      />
      <Field
        label={search.to}
        type="date"
        value={dayOf("to")}
        onChange={(day) => set("to", day === "" ? undefined : { kind: "to", day })}
      />
      {children}
      {value.type === WITH_VALUES && (
        <div className="salus-filter salus-amounts">
          <Amounts value={value} onChange={set} />
        </div>
      )}
    </div>
  );
}

function withCode(value: Question, chip: Chip): Question {
  const others = value.chips.filter(({ kind }) => kind !== "code" && kind !== "words");
  return { ...value, chips: [chip, ...others] };
}

type Set = (kind: Chip["kind"], chip: Chip | undefined) => void;

/** A code by its name: those that the record uses are suggested, anything else can be typed. */
function CodeField({
  type,
  suggests,
  onAdd,
  onTyped,
}: {
  readonly type: string;
  readonly suggests: boolean;
  readonly onAdd: (chip: Chip) => void;
  readonly onTyped: (chip: Chip | undefined) => void;
}) {
  const { record, testNames } = useText();
  const { search } = record;
  // Finding suggestions opens records: not before somebody comes here, and never before a question.
  const [isHere, setHere] = useState(false);
  const codes = useAsk(async () => (isHere ? device().record.codes(type) : ok([])), [type, isHere]);
  const [text, setText] = useState("");
  const id = useId();
  const known = codes.state === "ready" ? codes.view : [];
  // Found by what people call it, and by what the record does.
  const named = known.flatMap((one) => [{ ...one, title: plainName(one, testNames) }, one]);
  const typed = typedCode(text, named);
  // Whoever goes on to ask has said what she looks for, also without Enter.
  useEffect(() => onTyped(typed));
  const add = (chip: Chip | undefined): void => {
    if (chip === undefined) return;
    onAdd(chip);
    setText("");
  };
  const take = (words: string): void => {
    const chosen = chosenCode(words, named);
    if (chosen === undefined) setText(words);
    else add(chosen);
  };
  return (
    <div className="salus-field">
      <label className="salus-label" htmlFor={id}>
        {search.code}
      </label>
      <input
        id={id}
        className="salus-input"
        list={`${id}known`}
        autoComplete="off"
        placeholder={search.codeHint}
        value={text}
        onFocus={() => setHere(suggests)}
        onChange={(event) => take(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") add(typed);
        }}
      />
      <datalist id={`${id}known`}>
        {[...new Map(known.map((one) => [plainName(one, testNames), one.code]))].map(
          ([title, code]) => (
            <option key={title} value={title} label={code} />
          ),
        )}
      </datalist>
    </div>
  );
}

function KindSelect({ value, onChange }: { readonly value: Question; readonly onChange: Set }) {
  const { search } = useText().record;
  const chip = value.chips.find(({ kind }) => kind === "category");
  const chosen = chip?.kind === "category" ? chip.tokens : ANY;
  const choices = [
    { value: ANY, label: search.anyKind },
    ...Object.entries(search.kinds).map(([kind, label]) => ({ value: kind, label })),
  ];
  return (
    <Select
      label={search.kind}
      choices={choices}
      value={choices.some((choice) => choice.value === chosen) ? chosen : ANY}
      onChange={(tokens) =>
        onChange("category", tokens === ANY ? undefined : { kind: "category", tokens })
      }
    />
  );
}

const ANY = "any";
const NUMBER = /^-?\d+(?:[.,]\d+)?$/;

/** Bounds of a value, in a unit of UCUM: they count when they are numbers. */
function Amounts({ value, onChange }: { readonly value: Question; readonly onChange: Set }) {
  const { search } = useText().record;
  const amounts = value.chips.filter((chip) => chip.kind === "least" || chip.kind === "most");
  const numberOf = (kind: "least" | "most"): string =>
    amounts.find((chip) => chip.kind === kind)?.number ?? "";
  const [least, setLeast] = useState(numberOf("least"));
  const [most, setMost] = useState(numberOf("most"));
  const [unit, setUnit] = useState(amounts[0]?.unit ?? "");
  const put = (kind: "least" | "most", text: string, of: string): void => {
    const number = text.trim().replace(",", ".");
    if (text !== "" && !NUMBER.test(number)) return;
    onChange(kind, text === "" ? undefined : { kind, number, unit: of.trim() });
  };
  return (
    <>
      <Field
        label={search.least}
        inputMode="decimal"
        value={least}
        onChange={(text) => {
          setLeast(text);
          put("least", text, unit);
        }}
      />
      <Field
        label={search.most}
        inputMode="decimal"
        value={most}
        onChange={(text) => {
          setMost(text);
          put("most", text, unit);
        }}
      />
      <Field
        label={search.unit}
        value={unit}
        autoComplete="off"
        onChange={(text) => {
          setUnit(text);
          if (most !== "") put("most", most, text);
          else put("least", least, text);
        }}
      />
    </>
  );
}
