import type { Entry } from "./dataset.ts";
import { PREFIXES, type Prefix, span } from "./date.ts";
import { at, isObject, type Json, texts } from "./json.ts";
import { PARAMETERS, type Parameter } from "./parameters.ts";
import { UCUM } from "./quantity.ts";
import type { Choice } from "./random.ts";

/** One condition as it stands in a query, and what it exercises. */
export interface Form {
  readonly name: string;
  readonly value: string;
  readonly kinds: readonly string[];
}

/** Keep what separates values in a query; escape a value's own separators. */
const escaped = (text: string): string => text.replace(/[\\|$,]/g, (mark) => `\\${mark}`);

/** A condition that the given entry itself suggests, of one kind of parameter; undefined if none. */
export function formFrom(entry: Entry, kind: Parameter["kind"], choice: Choice): Form | undefined {
  const table = Object.entries(PARAMETERS[entry.type] ?? {});
  const candidates = table.filter(([, parameter]) => parameter.kind === kind);
  if (candidates.length === 0) return undefined;
  const [name, parameter] = choice.of(candidates);
  const form = makeForm(entry, name, parameter, choice);
  return form === undefined ? undefined : { ...form, kinds: [kind, ...form.kinds] };
}

function makeForm(
  entry: Entry,
  name: string,
  parameter: Parameter,
  choice: Choice,
): Form | undefined {
  if (parameter.kind === "deceased") return { name, value: String(choice.chance(0.5)), kinds: [] };
  if (parameter.kind === "composite") return compositeForm(entry, name, parameter, choice);
  const values = parameter.paths.flatMap((path) => at(entry.resource, path));
  if (values.length === 0) return undefined;
  const value = choice.of(values);
  switch (parameter.kind) {
    case "token":
      return tokenForm(name, value, choice);
    case "telecom":
      return { name, value: escaped(texts(value, "value")[0] ?? ""), kinds: ["code"] };
    case "date":
      return dateForm(name, value, choice);
    case "string":
      return stringForm(name, value, choice);
    case "reference":
      return referenceForm(name, value, parameter.only !== undefined, choice);
    case "quantity":
      return quantityForm(name, value, choice);
  }
}

/** `system` and `code` of the first token of an element. */
function firstToken(value: Json): { system: string | undefined; code: string } | undefined {
  if (typeof value === "string" || typeof value === "boolean") {
    return { system: undefined, code: String(value) };
  }
  const [coding = value] = at(value, "coding");
  const [code] = [...texts(coding, "code"), ...texts(coding, "value")];
  const [system] = texts(coding, "system");
  return code === undefined ? undefined : { system, code };
}

function tokenForm(name: string, value: Json, choice: Choice): Form | undefined {
  const found = firstToken(value);
  if (found === undefined) return undefined;
  const code = escaped(found.code);
  const system = found.system?.includes(":") === true ? escaped(found.system) : undefined;
  const [display] = [...texts(value, "text"), ...texts(value, "coding.display")];
  if (display !== undefined && choice.chance(0.12)) {
    const length = 6 + choice.below(Math.max(1, display.length - 6));
    const kinds = ["text", ...(display.slice(0, length).includes(",") ? ["escape"] : [])];
    return {
      name: `${name}:text`,
      value: escaped(display.slice(0, length).trim()).toLowerCase(),
      kinds,
    };
  }
  const modifier = choice.chance(0.15) ? ":not" : "";
  const kinds = modifier === "" ? [] : ["not"];
  const form = (text: string, kind: string): Form => ({
    name: `${name}${modifier}`,
    value: text,
    kinds: [kind, ...kinds],
  });
  const pick = choice.below(6);
  if (pick === 0 && /[a-z]/i.test(code)) return form(otherCase(code), "case");
  if (system === undefined) return form(code, "code");
  if (pick <= 2) return form(`${system}|${code}`, "system|code");
  if (pick === 3) return form(`${system}|`, "system|");
  return pick === 4 && choice.chance(0.4) ? form(`|${code}`, "|code") : form(code, "code");
}

const otherCase = (text: string): string =>
  text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();

const PRECISIONS = ["year", "month", "day", "minute", "second", "zone"] as const;
const LENGTH = { year: 4, month: 7, day: 10, minute: 16, second: 19, zone: 19 } as const;

/** A date written as coarsely as asked; `zone` is the same instant seven hours east. */
function dateText(instant: number, precision: (typeof PRECISIONS)[number]): string {
  const shifted = precision === "zone" ? instant + 7 * 3_600_000 : instant;
  const text = new Date(shifted).toISOString().slice(0, LENGTH[precision]);
  if (precision === "zone") return `${text}+07:00`;
  return precision === "minute" || precision === "second" ? `${text}Z` : text;
}

function dateForm(name: string, value: Json, choice: Choice): Form | undefined {
  const [written] = typeof value === "string" ? [value] : texts(value, "start");
  const instant = span(written ?? "")?.low;
  if (instant === undefined) return undefined;
  const precision = choice.of(PRECISIONS);
  const prefix = choice.chance(0.1) ? "" : choice.of(PREFIXES);
  const drift = choice.chance(0.5) ? 0 : (choice.below(61) - 30) * 86_400_000;
  return {
    name,
    value: `${prefix}${dateText(instant + drift, precision)}`,
    kinds: [`date:${prefix || "eq"}`, precision],
  };
}

function stringForm(name: string, value: Json, choice: Choice): Form | undefined {
  if (typeof value !== "string" || value.length === 0) return undefined;
  const start = choice.below(Math.max(1, value.length - 3));
  switch (choice.below(4)) {
    case 0:
      return { name: `${name}:exact`, value: escaped(value), kinds: ["exact"] };
    case 1: {
      const part = value.slice(start, start + 3 + choice.below(5)).trim();
      return { name: `${name}:contains`, value: escaped(otherCase(part)), kinds: ["contains"] };
    }
    case 2: {
      const plain = value.normalize("NFD").replace(/\p{Mark}/gu, "");
      return {
        name,
        value: escaped(plain.slice(0, 2 + choice.below(6)).trim()),
        kinds: ["prefix"],
      };
    }
    default:
      return { name, value: escaped(otherCase(value)), kinds: ["folded"] };
  }
}

function referenceForm(
  name: string,
  value: Json,
  single: boolean,
  choice: Choice,
): Form | undefined {
  const [reference] = texts(value, "reference");
  if (reference === undefined) return undefined;
  const [type = "", id = ""] = reference.split("/");
  switch (choice.below(4)) {
    case 0:
      return { name, value: id, kinds: ["id"] };
    case 1:
      return { name: single ? name : `${name}:${type}`, value: id, kinds: ["typed"] };
    case 2:
      return { name, value: `https://fhir.example.org/r4/${reference}`, kinds: ["absolute"] };
    default:
      return { name, value: reference, kinds: ["Type/id"] };
  }
}

/** What a clinician might ask in instead of the unit that is stored: code, factor, offset. */
const OTHER_UNIT: Readonly<Record<string, readonly [string, number, number]>> = {
  cm: ["m", 0.01, 0],
  kg: ["[lb_av]", 1 / 0.45359237, 0],
  "kg/m2": ["g/m2", 1000, 0],
  "mm[Hg]": ["kPa", 0.133322, 0],
  "mg/dL": ["g/L", 0.01, 0],
  "mmol/L": ["mol/L", 0.001, 0],
  "g/dL": ["g/L", 10, 0],
  "10*3/uL": ["10*9/L", 1, 0],
  "10*6/uL": ["10*12/L", 1, 0],
  Cel: ["[degF]", 1.8, 32],
  "ng/mL": ["ug/L", 1, 0],
  "kU/L": ["U/L", 1000, 0],
  "mL/min": ["L/min", 0.001, 0],
};

/** A number near the stored one, with two to four significant digits, so that it cuts the data. */
const rounded = (value: number, choice: Choice): string =>
  String(Number(value.toPrecision(2 + choice.below(3))));

function quantityForm(name: string, value: Json, choice: Choice): Form | undefined {
  if (!isObject(value) || typeof value.value !== "number") return undefined;
  const code = typeof value.code === "string" ? value.code : undefined;
  const prefix: Prefix = choice.of(PREFIXES);
  const shown = prefix === "eq" && choice.chance(0.5) ? "" : prefix;
  const near = rounded(value.value, choice);
  if (near.includes("e")) return undefined;
  const make = (text: string, kind: string): Form => ({
    name,
    value: shown + text,
    kinds: [`quantity:${prefix}`, kind],
  });
  if (code === undefined) return make(near, "any unit");
  const other = OTHER_UNIT[code];
  switch (choice.below(4)) {
    case 0:
      return make(near, "any unit");
    case 1:
      return make(`${near}||${escaped(code)}`, "||code");
    case 2:
      if (other !== undefined) {
        const converted = rounded(value.value * other[1] + other[2], choice);
        if (!converted.includes("e")) return make(`${converted}|${UCUM}|${other[0]}`, "converted");
      }
      return make(`${near}|${UCUM}|${escaped(code)}`, "system|code");
    default:
      return make(`${near}|${UCUM}|${escaped(code)}`, "system|code");
  }
}

function compositeForm(
  entry: Entry,
  name: string,
  parameter: Extract<Parameter, { kind: "composite" }>,
  choice: Choice,
): Form | undefined {
  const components = parameter.within.flatMap((path) => at(entry.resource, path));
  if (components.length === 0) return undefined;
  const component = choice.of(components);
  const [one, two] = parameter.parts.map((part) => {
    if (part.kind !== "token" && part.kind !== "quantity" && part.kind !== "string")
      return undefined;
    const [value] = part.paths.flatMap((path) => at(component, path));
    if (value === undefined) return undefined;
    if (part.kind === "quantity") return quantityForm(name, value, choice);
    if (part.kind === "string") return { name, value: escaped(String(value)), kinds: ["prefix"] };
    const found = firstToken(value);
    if (found === undefined) return undefined;
    const system = choice.chance(0.5) && found.system !== undefined ? `${found.system}|` : "";
    return { name, value: `${system}${escaped(found.code)}`, kinds: [] };
  });
  if (one === undefined || two === undefined) return undefined;
  return { name, value: `${one.value}$${two.value}`, kinds: two.kinds };
}
