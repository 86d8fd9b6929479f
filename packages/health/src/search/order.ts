import { DAY_BITS } from "../canonical/date.ts";
import { foldText, foldToken } from "../canonical/fold.ts";
import { codingsOf, referenceText, stringsOf } from "../canonical/keyword.ts";
import { NUMBER_BITS } from "../canonical/number-code.ts";
import { dateValue, numberValue, quantityValue } from "../canonical/value.ts";
import { type Bound, boundAttribute, ID_PARAMETER } from "../derive/attribute.ts";
import type { Parameter } from "../policy/parameter.ts";
import { type Policy, rangeKind } from "../policy/policy.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { valuesOf } from "../policy/values.ts";
import type { Direction, SortColumn, SortKey } from "./compiled.ts";
import { splitEscaped } from "./query-text.ts";

/** What resources are compared by; undefined for one without the parameter, which stands last. */
type KeyOf = (resource: unknown) => number | string | undefined;

/** One key of `_sort`, ready to compare. */
export interface Order {
  readonly key: SortKey;
  readonly keyOf: KeyOf;
}

/** Read `-date,status`; undefined, with the name, for a key that cannot be sorted by. */
export function readOrder(
  table: ResourceType,
  text: string,
  policy: Policy,
): readonly Order[] | { readonly unknown: string } {
  const orders: Order[] = [];
  for (const part of splitEscaped(text, ",")) {
    const direction: Direction = part.startsWith("-") ? "descending" : "ascending";
    const name = part.startsWith("-") ? part.slice(1) : part;
    const parameter = table.parameters.get(name);
    if (name === ID_PARAMETER) {
      orders.push({ key: { parameter: name, direction, columns: [] }, keyOf: idOf });
    } else if (parameter === undefined || parameter.type === "composite") {
      return { unknown: name };
    } else {
      orders.push({
        key: { parameter: name, direction, columns: columnsOf(table, parameter, policy) },
        keyOf: keyOf(table, parameter, direction),
      });
    }
  }
  return orders;
}

const BOUND_OF: Partial<Record<Parameter["type"], readonly [Bound, number]>> = {
  date: ["low", DAY_BITS],
  number: ["number", NUMBER_BITS],
  quantity: ["number", NUMBER_BITS],
};

/** The columns of ordinary categories; a parameter that looks into several has none of its own. */
function columnsOf(
  table: ResourceType,
  parameter: Parameter,
  policy: Policy,
): readonly SortColumn[] {
  const bound = BOUND_OF[parameter.type];
  if (bound === undefined || parameter.index.length !== 1) return [];
  return table.categories
    .filter((category) => rangeKind(policy, category) === "ordered")
    .map((category) => ({
      kind: "ordered",
      category,
      attribute: boundAttribute(category, table.type, parameter.index[0] as string, bound[0]),
      bits: bound[1],
    }));
}

/**
 * A period counts by its beginning, as it does in the column. Of several values the least counts
 * upwards and the greatest downwards.
 */
function keyOf(table: ResourceType, parameter: Parameter, direction: Direction): KeyOf {
  const values = valuesOf(table.type, parameter);
  const keys = keysOf(parameter.type, direction);
  const sign = direction === "ascending" ? 1 : -1;
  return (resource) => {
    let best: number | string | undefined;
    for (const value of values(resource)) {
      for (const key of keys(value)) {
        if (best === undefined || sign * compareKeys(key, best) < 0) best = key;
      }
    }
    return best;
  };
}

function keysOf(
  type: Parameter["type"],
  direction: Direction,
): (value: unknown) => readonly (number | string)[] {
  switch (type) {
    case "date":
      return (value) => {
        const range = dateValue(value);
        return range.ok && range.value !== undefined ? [range.value.low] : [];
      };
    case "number":
    case "quantity":
      return (value) => {
        const range = type === "number" ? numberValue(value) : quantityValue(value);
        if (!range.ok || range.value === undefined) return [];
        return [direction === "ascending" ? range.value.low : range.value.high];
      };
    case "string":
      return (value) => (stringsOf(value) ?? []).map(foldText);
    case "token":
      return (value) => (codingsOf(value) ?? []).map(({ code }) => foldToken(code));
    default:
      return (value) => {
        const text = referenceText(value);
        return text === undefined ? [] : [text];
      };
  }
}

/** A total order by the keys, then by id, so that pages and repetitions agree. */
export function comparison(orders: readonly Order[]): (a: unknown, b: unknown) => number {
  return (a, b) => {
    for (const { key, keyOf: read } of orders) {
      const left = read(a);
      const right = read(b);
      if (left === undefined || right === undefined) {
        if (left === right) continue;
        return left === undefined ? 1 : -1;
      }
      const order = compareKeys(left, right);
      if (order !== 0) return key.direction === "ascending" ? order : -order;
    }
    return compareKeys(idOf(a), idOf(b));
  };
}

function idOf(resource: unknown): string {
  const id = (resource as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : "";
}

function compareKeys(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
