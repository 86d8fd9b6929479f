import { useState } from "react";
import { device } from "../page/call.ts";
import { useAsk } from "../page/use-ask.ts";
import { Button } from "../parts/button.tsx";
import { Disclosure } from "../parts/disclosure.tsx";
import { Field } from "../parts/field.tsx";
import { Select } from "../parts/select.tsx";
import { useText } from "../text/text.tsx";
import { useOwnName } from "./own-name.ts";

/** What a list is restricted to; empty texts for nothing. */
export interface Filter {
  readonly source: string;
  readonly from: string;
  readonly to: string;
}

const NO_FILTER: Filter = { source: "", from: "", to: "" };

/** The restriction of a list, while its screen is there. */
export function useFilter(): readonly [Filter, (filter: Filter) => void] {
  return useState<Filter>(NO_FILTER);
}

/** As a question to the device takes it. */
export function orderOf({ source, from, to }: Filter) {
  return {
    ...(source !== "" && { source }),
    ...(from !== "" && { from }),
    ...(to !== "" && { to }),
  };
}

/** Source and days, behind a name: most people want everything. */
export function ListFilter({
  value,
  onChange,
}: {
  readonly value: Filter;
  readonly onChange: (filter: Filter) => void;
}) {
  const { list } = useText().record;
  const isOn = value.source !== "" || value.from !== "" || value.to !== "";
  return (
    <Disclosure title={list.filters}>
      <div className="salus-filter">
        <SourceSelect value={value.source} onChange={(source) => onChange({ ...value, source })} />
        <Field
          label={list.from}
          type="date"
          value={value.from}
          onChange={(from) => onChange({ ...value, from })}
        />
        <Field
          label={list.to}
          type="date"
          value={value.to}
          onChange={(to) => onChange({ ...value, to })}
        />
        {isOn && (
          <Button kind="quiet" onPress={() => onChange(NO_FILTER)}>
            {list.clear}
          </Button>
        )}
      </div>
    </Disclosure>
  );
}

/** One of the sources of her record, or all of them. */
export function SourceSelect({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (source: string) => void;
}) {
  const { record } = useText();
  const ownName = useOwnName();
  const sources = useAsk(() => device().record.sources(), []);
  const known = sources.state === "ready" ? sources.view : [];
  const choices = [
    { value: EVERY, label: record.list.everySource },
    ...known.map(({ source, name, own }) => ({
      value: source,
      label: own ? ownName : (name ?? `${record.unnamed} ${source.slice(0, 6)}`),
    })),
  ];
  return (
    <Select
      label={record.list.source}
      choices={choices}
      value={value === "" ? EVERY : value}
      onChange={(chosen) => onChange(chosen === EVERY ? "" : chosen)}
    />
  );
}

const EVERY = "every";
