import type { Category } from "@salus/health";
import { SourceText } from "../deciding/names.tsx";
import { allOf, countedOnce } from "../deciding/own-sources.ts";
import { careDayOf, dayOf } from "../deciding/time-left.ts";
import { Told } from "../deciding/told.tsx";
import type { RequestView } from "../device/requests/request-view.ts";
import { Badge } from "../parts/chip.tsx";
import { Checks, Field, Radios } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { useFormat, useText } from "../text/text.tsx";
import { type End, endsOf, isSensitive, type Narrowed } from "./narrowing.ts";

/** How she makes less of a request: kinds of records, hospitals, time of care, and the end. */
export function NarrowingForm({
  request,
  now,
  form,
  onChange,
}: {
  readonly request: RequestView;
  readonly now: number;
  readonly form: Narrowed;
  readonly onChange: (form: Narrowed) => void;
}) {
  const { requests, category } = useText();
  const format = useFormat();
  const { allCategories, unknownCategories, otherSources, until } = request;
  return (
    <div className="salus-form">
      <Checks<Category>
        label={requests.categories}
        hint={allCategories ? requests.allAsked : undefined}
        value={form.categories}
        onChange={(categories) => onChange({ ...form, categories })}
        choices={request.categories.map((value) => ({
          value,
          label: (
            <>
              {category.names[value]}{" "}
              {isSensitive(value) && <Badge tone="notice">{category.sensitive}</Badge>}
            </>
          ),
        }))}
      />
      {unknownCategories > 0 && <p>{requests.unknownCategories(unknownCategories)}</p>}
      <Checks
        label={requests.sources}
        value={form.sources}
        onChange={(ticked) => onChange({ ...form, sources: allOf(ticked, request.sources) })}
        choices={countedOnce(request.sources).map(({ source, name }) => ({
          value: source,
          label: <SourceText of={name} />,
        }))}
      />
      {otherSources.length > 0 && (
        <p className="salus-soft">
          {requests.otherSources}{" "}
          {otherSources.map((name) => (
            <span key={name}>
              <Told>{name}</Told>{" "}
            </span>
          ))}
        </p>
      )}
      <Care request={request} form={form} onChange={onChange} />
      <Select<End>
        label={requests.end}
        value={form.end}
        onChange={(end) => onChange({ ...form, end })}
        choices={endsOf(request, now).map((value) => ({
          value,
          label:
            value === "asked"
              ? requests.ends.asked(format.date(new Date(until).toISOString()))
              : requests.ends[value],
        }))}
      />
      {form.end === "other" && (
        <Field
          label={requests.endDay}
          type="date"
          min={dayOf(now)}
          max={dayOf(until)}
          value={form.endDay}
          onChange={(endDay) => onChange({ ...form, endDay })}
        />
      )}
    </div>
  );
}

function Care({
  request: { period },
  form,
  onChange,
}: {
  readonly request: RequestView;
  readonly form: Narrowed;
  readonly onChange: (form: Narrowed) => void;
}) {
  const { requests } = useText();
  const format = useFormat();
  const asked =
    period === undefined
      ? requests.careAny
      : `${format.date(careDayOf(period.from))} – ${format.date(careDayOf(period.to))}`;
  const limits = period && { min: careDayOf(period.from), max: careDayOf(period.to) };
  return (
    <>
      <Radios<Narrowed["care"]>
        label={requests.care}
        value={form.care}
        onChange={(care) => onChange({ ...form, care })}
        choices={[
          { value: "asked", label: `${requests.careAsked} ${asked}` },
          { value: "between", label: requests.careBetween },
        ]}
      />
      {form.care === "between" && (
        <div className="salus-pair">
          <Field
            label={requests.careFrom}
            type="date"
            {...limits}
            value={form.careFrom}
            onChange={(careFrom) => onChange({ ...form, careFrom })}
          />
          <Field
            label={requests.careTo}
            type="date"
            {...limits}
            value={form.careTo}
            onChange={(careTo) => onChange({ ...form, careTo })}
          />
        </div>
      )}
    </>
  );
}
