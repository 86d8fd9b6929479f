import type { DescribedValue, Description } from "@salus/health";
import type { Format } from "./format.ts";

/** A value as it stands in a row: `128 mmHg`, `< 5 mg/L`, `Negative`. */
export function valueText(value: DescribedValue, format: Format): string {
  const { number, unit, comparator, text } = value;
  if (number === undefined) return text;
  return `${comparator}${comparator === "" ? "" : " "}${format.quantity(number, unit)}`;
}

/** Everything that was measured: of a panel its parts, `120/80 mmHg` where they are of one unit. */
export function valueWords({ values }: Pick<Description, "values">, format: Format): string {
  const [first, second] = values;
  if (first === undefined) return "";
  const pair = values.length === 2 && first.unit === second?.unit;
  if (pair && first.number !== undefined && second?.number !== undefined) {
    return `${format.number(first.number)}/${format.quantity(second.number, second.unit)}`;
  }
  return values.map((value) => valueText(value, format)).join("; ");
}

/** How a value stands to what is usual: by its interpretation, or its reference range. */
export function judgementOf(value: DescribedValue): "high" | "low" | "abnormal" | "critical" | "" {
  const { interpretation, number, low, high } = value;
  if (/^(?:HH|LL|AA)$/.test(interpretation)) return "critical";
  if (/^H/.test(interpretation)) return "high";
  if (/^L/.test(interpretation)) return "low";
  if (interpretation === "A") return "abnormal";
  if (interpretation !== "" || number === undefined) return "";
  if (high !== undefined && number > high) return "high";
  return low !== undefined && number < low ? "low" : "";
}
