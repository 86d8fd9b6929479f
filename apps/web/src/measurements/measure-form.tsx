import type { Result } from "@salus/base";
import { useState } from "react";
import type { Problem } from "../device/problem.ts";
import type { Measurement, MeasureName } from "../device/record/measures.ts";
import type { Written } from "../device/record/own.ts";
import { useDo } from "../page/use-ask.ts";
import { Actions, Button } from "../parts/button.tsx";
import { Field, Form } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { Failure } from "../parts/states.tsx";
import { useText } from "../text/text.tsx";

/** The units that each can be measured in; the first is offered. */
const UNITS: Readonly<Record<MeasureName, readonly string[]>> = {
  pressure: ["mm[Hg]"],
  glucose: ["mg/dL", "mmol/L"],
  weight: ["kg", "[lb_av]"],
  temperature: ["Cel", "[degF]"],
  pulse: ["/min"],
  oxygen: ["%"],
  height: ["cm", "[in_i]"],
};
const SHOWN: Readonly<Record<string, string>> = {
  "mm[Hg]": "mmHg",
  "[lb_av]": "lb",
  Cel: "°C",
  "[degF]": "°F",
  "[in_i]": "in",
};
const NAMES = Object.keys(UNITS) as readonly MeasureName[];
const NUMBER = /^\d+(?:[.,]\d+)?$/;

/** A measurement, as a form. Takes: `first`, what it said before, when it is corrected. */
export function MeasureForm({
  first,
  work,
  onWritten,
}: {
  readonly first?: Measurement;
  readonly work: (entry: Measurement) => Promise<Result<Written, Problem>>;
  readonly onWritten: () => void;
}) {
  const { measure } = useText().record;
  const [name, setName] = useState<MeasureName>(first?.name ?? "pressure");
  const [unit, setUnit] = useState(first?.unit ?? UNITS.pressure[0] ?? "");
  const [texts, setTexts] = useState<readonly string[]>(first?.values.map(String) ?? []);
  const [when, setWhen] = useState(localTime(first?.time));
  const [note, setNote] = useState(first?.note ?? "");
  const [wrong, setWrong] = useState<readonly boolean[]>([]);
  const doing = useDo(work, onWritten);
  const count = name === "pressure" ? 2 : 1;
  const labels = count === 2 ? [measure.systolic, measure.diastolic] : [measure.value];
  const send = (): void => {
    const written = texts.slice(0, count);
    const bad = labels.map((_, at) => !NUMBER.test((written[at] ?? "").trim()));
    setWrong(bad);
    if (bad.includes(true)) {
      doing.forget();
      return;
    }
    const values = written.map((text) => Number(text.trim().replace(",", ".")));
    doing.start({ name, values, unit, time: zonedTime(when), note });
  };
  const bad = doing.problem?.kind === "bad-input" ? doing.problem.reason : undefined;
  const errorAt = (at: number): string | undefined => {
    if (wrong[at] === true || bad === (at === 0 ? "value" : "second")) return measure.bad.value;
    return at === 1 && bad === "order" ? measure.bad.order : undefined;
  };
  return (
    <Form onSubmit={send} label={measure.what}>
      <Select
        label={measure.what}
        choices={NAMES.map((one) => ({ value: one, label: measure.names[one] }))}
        value={name}
        onChange={(next) => {
          setName(next);
          setUnit(UNITS[next][0] ?? "");
          setTexts([]);
        }}
      />
      <div className="salus-filter">
        {labels.map((label, at) => (
          <Field
            key={label}
            label={label}
            inputMode="decimal"
            value={texts[at] ?? ""}
            error={errorAt(at)}
            onChange={(text) =>
              setTexts((before) =>
                labels.map((_, one) => (one === at ? text : (before[one] ?? ""))),
              )
            }
            autoComplete="off"
          />
        ))}
        <Select
          label={measure.unit}
          choices={UNITS[name].map((one) => ({ value: one, label: SHOWN[one] ?? one }))}
          value={unit}
          onChange={setUnit}
        />
      </div>
      <Field
        label={measure.when}
        type="datetime-local"
        value={when}
        onChange={setWhen}
        error={bad === "time" ? measure.bad.time : undefined}
      />
      <Field
        label={measure.note}
        hint={measure.noteHint}
        value={note}
        onChange={setNote}
        maxLength={1000}
      />
      {doing.problem && bad === undefined && <Failure of={doing.problem} />}
      <Actions>
        <Button type="submit" kind="main" isPending={doing.isPending}>
          {first === undefined ? measure.save : measure.change}
        </Button>
      </Actions>
    </Form>
  );
}

/** As the field wants it: local, to the minute. */
function localTime(fhir: string | undefined): string {
  const time = fhir === undefined ? new Date() : new Date(fhir);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** As FHIR wants it: with the zone of where she is. */
function zonedTime(local: string): string {
  const time = new Date(local);
  if (Number.isNaN(time.getTime())) return "";
  const minutes = -time.getTimezoneOffset();
  const part = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${local}:00${minutes < 0 ? "-" : "+"}${part(size / 60)}:${part(size % 60)}`;
}
