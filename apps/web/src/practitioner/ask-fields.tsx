import type { Category } from "@salus/health";
import type { OrganisationView } from "../device/practice/standing.ts";
import { Checkbox, Checks, Field, Radios } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { useText } from "../text/text.tsx";
import { type Breadth, type RequestForm, SENSITIVE } from "./request-form.ts";

interface FieldsOf {
  readonly form: RequestForm;
  readonly onChange: (form: RequestForm) => void;
}

/** Everything that a request says, as fields. */
export function AskFields({
  form,
  onChange,
  hospitals,
  categories,
}: FieldsOf & {
  readonly hospitals: readonly OrganisationView[];
  readonly categories: readonly Category[];
}) {
  const { practitioner } = useText();
  const { ask, find } = practitioner;
  return (
    <>
      <Select
        label={ask.purpose}
        value={form.purpose}
        onChange={(purpose) => onChange({ ...form, purpose })}
        choices={Object.entries(find.reasons).map(([value, label]) => ({ value, label }))}
      />
      <WhatFields form={form} onChange={onChange} categories={categories} />
      <Radios
        label={ask.sources}
        value={form.everywhere ? "all" : "some"}
        onChange={(which) => onChange({ ...form, everywhere: which === "all" })}
        choices={[
          { value: "all", label: ask.allSources },
          { value: "some", label: ask.someSources },
        ]}
      />
      {!form.everywhere && (
        <Checks
          label={ask.hospitals}
          value={form.sources}
          onChange={(sources) => onChange({ ...form, sources })}
          choices={hospitals.map(({ node, name }) => ({ value: node, label: <bdi>{name}</bdi> }))}
        />
      )}
      <Select
        label={ask.days}
        value={form.days}
        onChange={(days) => onChange({ ...form, days })}
        choices={Object.entries(ask.spans).map(([value, label]) => ({ value, label }))}
      />
      <PeriodFields form={form} onChange={onChange} />
      <Field
        label={ask.note}
        hint={ask.noteHint}
        value={form.note}
        onChange={(note) => onChange({ ...form, note })}
        lines
      />
    </>
  );
}

function WhatFields({
  form,
  onChange,
  categories,
}: FieldsOf & { readonly categories: readonly Category[] }) {
  const { category, practitioner } = useText();
  const { ask } = practitioner;
  const breadths: readonly { readonly value: Breadth; readonly label: string }[] = [
    { value: "ordinary", label: ask.ordinary },
    { value: "some", label: ask.some },
    { value: "all", label: ask.everything },
  ];
  const label = (name: Category): string =>
    SENSITIVE.includes(name)
      ? `${category.names[name]} (${category.sensitive})`
      : category.names[name];
  return (
    <>
      <Radios
        label={ask.what}
        value={form.breadth}
        onChange={(breadth) => onChange({ ...form, breadth })}
        choices={breadths}
      />
      {form.breadth === "some" && (
        <Checks
          label={ask.categories}
          value={form.categories}
          onChange={(chosen) => onChange({ ...form, categories: chosen })}
          choices={categories.map((value) => ({ value, label: label(value) }))}
        />
      )}
    </>
  );
}

function PeriodFields({ form, onChange }: FieldsOf) {
  const { ask } = useText().practitioner;
  return (
    <>
      <Checkbox
        isSelected={form.hasPeriod}
        onChange={(hasPeriod) => onChange({ ...form, hasPeriod })}
      >
        {ask.period}
      </Checkbox>
      {form.hasPeriod && (
        <div className="salus-pair">
          <Field
            label={ask.from}
            type="date"
            value={form.from}
            onChange={(from) => onChange({ ...form, from })}
          />
          <Field
            label={ask.to_}
            type="date"
            value={form.to}
            onChange={(to) => onChange({ ...form, to })}
          />
        </div>
      )}
    </>
  );
}
