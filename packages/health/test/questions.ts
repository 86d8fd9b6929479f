import { codingsOf, referenceText, stringsOf, textsOf } from "../src/canonical/keyword.ts";
import type { Resource } from "../src/index.ts";
import type { Parameter } from "../src/policy/parameter.ts";
import { isObject } from "../src/policy/path.ts";
import { resourceTypeOf } from "../src/policy/types.ts";
import { valuesOf } from "../src/policy/values.ts";
import type { Random } from "../src/population/random.ts";

// Searches that somebody who has a resource before her might ask to find it again: its own values,
// in every form, precision, prefix and modifier, so that many match and many just fail to.

const UCUM = "http://unitsofmeasure.org";
const PREFIXES = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

/** Another unit for the same, so that conversions are asked for. */
const CONVERSIONS: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  "mg/dL": ["g/L", 0.01],
  "g/dL": ["g/L", 10],
  "mmol/L": ["umol/L", 1000],
  cm: ["m", 0.01],
  kg: ["g", 1000],
  "mm[Hg]": ["kPa", 0.133322],
  "10*3/uL": ["10*9/L", 1],
};

/** A search about a resource; `kinds` says what it needs of an index. */
export interface Asked {
  readonly text: string;
  /** Whether every part of it has an index and is no negation. */
  readonly positive: boolean;
}

export function questionAbout(resource: Resource, random: Random): Asked {
  const table = resourceTypeOf(resource.resourceType);
  const parameters = [...(table?.parameters.values() ?? [])];
  const parts: string[] = [];
  let positive = true;
  for (let count = random.integer(1, 3); count > 0; count -= 1) {
    const part = partAbout(resource, random.pick(parameters), parameters, random);
    if (part === undefined) continue;
    parts.push(part.text);
    positive &&= part.positive;
  }
  if (random.chance(0.3)) parts.push(`_count=${random.integer(0, 50)}`);
  return {
    text: `${resource.resourceType}?${parts.join("&")}`,
    positive: positive && parts.length > 0,
  };
}

function partAbout(
  resource: Resource,
  parameter: Parameter,
  all: readonly Parameter[],
  random: Random,
): Asked | undefined {
  if (random.chance(0.05)) {
    return { text: `${parameter.name}:missing=${random.chance(0.5)}`, positive: false };
  }
  const [one, two] = [0, 1].map(() => valueAbout(resource, parameter, all, random));
  if (one === undefined) return undefined;
  const both = two !== undefined && two.modifier === one.modifier && random.chance(0.2);
  const value = both ? `${one.value},${two.value}` : one.value;
  const modifier = one.modifier === "" ? "" : `:${one.modifier}`;
  const filtered = one.value.startsWith("ne") || (both && two.value.startsWith("ne"));
  return {
    text: `${parameter.name}${modifier}=${encodeURIComponent(value)}`,
    positive:
      parameter.index.length > 0 &&
      !["not", "contains", "below"].includes(one.modifier) &&
      !filtered,
  };
}

interface Value {
  readonly modifier: string;
  readonly value: string;
}

function valueAbout(
  resource: Resource,
  parameter: Parameter,
  all: readonly Parameter[],
  random: Random,
): Value | undefined {
  if (parameter.type === "composite") {
    const pair = random.pick(parameter.pairs);
    const [left, right] = [pair.left, pair.right].map((name) => {
      const side = all.find((other) => other.name === name);
      return side && valueAbout(resource, side, all, random);
    });
    if (left === undefined || right === undefined) return undefined;
    if (left.modifier !== "" || right.modifier !== "") return undefined;
    return { modifier: "", value: `${left.value}$${right.value}` };
  }
  const values = valuesOf(resource.resourceType, parameter)(resource);
  if (values.length === 0) return undefined;
  return FORMS[parameter.type](random.pick(values), random);
}

const FORMS: Readonly<
  Record<
    Exclude<Parameter["type"], "composite">,
    (value: unknown, random: Random) => Value | undefined
  >
> = { token, date, number, quantity, string, reference, uri, special: near };

const escaped = (text: string): string => text.replace(/[\\,|$]/g, "\\$&");

function token(value: unknown, random: Random): Value | undefined {
  const texts = textsOf(value);
  if (texts.length > 0 && random.chance(0.2)) {
    return { modifier: "text", value: escaped(beginning(random.pick(texts), random)) };
  }
  const codings = (codingsOf(value) ?? []).filter(({ code }) => code !== "");
  if (codings.length === 0) return undefined;
  const { system, code } = random.pick(codings);
  const written = escaped(random.chance(0.1) ? code.toUpperCase() : code);
  const forms = [written, `${escaped(system)}|${written}`, `|${written}`];
  if (system !== "") forms.push(`${escaped(system)}|`);
  return { modifier: random.chance(0.1) ? "not" : "", value: random.pick(forms) };
}

function date(value: unknown, random: Random): Value | undefined {
  const texts =
    typeof value === "string"
      ? [value]
      : isObject(value)
        ? [value.start, value.end].filter((text) => typeof text === "string")
        : [];
  if (texts.length === 0) return undefined;
  const text = random.pick(texts);
  const lengths = [4, 7, 10, text.length].filter((length) => length <= text.length);
  const cut = text.slice(0, random.pick(lengths));
  const year = Number(cut.slice(0, 4)) + random.pick([0, 0, 0, 1, -1, 5]);
  // The 29th of February of another year is no date.
  const moved = cut.slice(4).startsWith("-02-29") ? cut : `${year}${cut.slice(4)}`;
  return { modifier: "", value: random.pick(PREFIXES) + moved };
}

function quantity(value: unknown, random: Random): Value | undefined {
  if (!isObject(value) || typeof value.value !== "number") return undefined;
  const moved = value.value * random.pick([1, 1, 1, 1.05, 0.9]);
  const number = random.chance(0.5) ? String(moved) : moved.toPrecision(random.integer(1, 5));
  const prefix = random.pick(PREFIXES);
  const code = typeof value.code === "string" ? value.code : "";
  const conversion = CONVERSIONS[code];
  const forms = [`${prefix}${number}`];
  if (code !== "") forms.push(`${prefix}${number}||${escaped(code)}`);
  if (code !== "" && value.system === UCUM) forms.push(`${prefix}${number}|${UCUM}|${code}`);
  if (conversion !== undefined) {
    forms.push(`${prefix}${moved * conversion[1]}|${UCUM}|${conversion[0]}`);
  }
  return { modifier: "", value: random.pick(forms) };
}

function number(value: unknown, random: Random): Value | undefined {
  return typeof value === "number" ? quantity({ value }, random) : undefined;
}

function near(value: unknown, random: Random): Value | undefined {
  if (!isObject(value)) return undefined;
  const { latitude, longitude } = value;
  return { modifier: "", value: `${latitude}|${longitude}|${random.pick(["1", "100", "5|mi"])}` };
}

function string(value: unknown, random: Random): Value | undefined {
  const strings = (stringsOf(value) ?? []).filter((text) => /\p{L}|\p{N}/u.test(text));
  if (strings.length === 0) return undefined;
  const text = random.pick(strings);
  if (random.chance(0.2)) return { modifier: "exact", value: escaped(text) };
  if (random.chance(0.1))
    return { modifier: "contains", value: escaped(text.slice(-4).trim() || "x") };
  return { modifier: "", value: escaped(beginning(text, random)) };
}

function beginning(text: string, random: Random): string {
  const cut = Array.from(text).slice(0, random.integer(1, 12)).join("");
  const shown = /[\p{L}\p{N}]/u.test(cut) ? cut : text;
  return random.chance(0.3) ? shown.toUpperCase() : shown;
}

function reference(value: unknown, random: Random): Value | undefined {
  const text = referenceText(value);
  if (text === undefined || text.startsWith("#")) return undefined;
  const id = text.split(/[/:]/).at(-1) ?? text;
  const forms =
    text.includes("?") || text.includes("|") ? [text] : [text, id, `http://a.example/${text}`];
  const chosen = random.pick(forms.filter((form) => !form.includes("urn:") || form === text));
  return { modifier: "", value: escaped(chosen) };
}

function uri(value: unknown, random: Random): Value | undefined {
  if (typeof value !== "string") return undefined;
  const plain = value.split("|")[0] ?? value;
  if (/^https?:/.test(value) && random.chance(0.3)) {
    const above = random.chance(0.5);
    return above
      ? { modifier: "above", value: escaped(`${value}/more`) }
      : { modifier: "below", value: escaped(plain.slice(0, plain.lastIndexOf("/"))) };
  }
  return { modifier: "", value: escaped(random.chance(0.5) ? value : plain) };
}
