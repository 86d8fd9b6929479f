import { canonicalUnit } from "../src/canonical/unit.ts";
import type { Parameter } from "../src/policy/parameter.ts";
import type { ResourceType } from "../src/policy/resource-type.ts";
import { STEPS } from "../src/policy/steps.ts";
import { DETAILED_TYPES, RESOURCE_TYPES, resourceTypeOf } from "../src/policy/types.ts";
import { UNIT_ALIASES } from "../src/policy/unit-aliases.ts";
import { UCUM } from "../src/systems.ts";

// The tables of spec/policy.md and the whole of spec/policy-parameters.md, as the code has them. The
// pages are normative, so policy-pages.test.ts fails where a page and the code differ.

/** Units whose conversion the page prints, so that an implementation needs no UCUM library for them. */
const PRINTED_UNITS =
  "1 % {score} mg/g mmol/mol g kg mg ug pg [lb_av] m cm mm [in_i] kg/m2 g/cm2 L mL fL s min h d wk " +
  "mo a /min Cel [degF] mm[Hg] kPa g/L g/dL mg/dL mg/L ug/L ng/mL pg/mL mmol/L umol/L nmol/L meq/L " +
  "U/L [iU]/L m[iU]/L u[iU]/mL 10*3/uL 10*6/uL 10*9/L /uL mL/min mL/min/{1.73_m2} L/min mg/mmol mm/h";

export function stepTable(): string {
  return STEPS.map(
    ({ code, what, unit, min, max, step, vital }) =>
      `| ${code} | ${what} | \`${unit}\` | ${min} | ${max} | ${step} | ${vital ? "v" : ""} |`,
  ).join("\n");
}

export function unitTable(): string {
  return PRINTED_UNITS.split(" ")
    .map((code) => {
      const unit = canonicalUnit(UCUM, code);
      if (unit?.status !== "valid") throw new Error(`${code} is not UCUM`);
      const offset = unit.offset === 0 ? "" : ` (offset ${unit.offset})`;
      return `| \`${code}\` | \`${unit.dimension}\` | ${unit.factor}${offset} |`;
    })
    .join("\n");
}

export function aliasList(): string {
  return [...UNIT_ALIASES].map(([alias, unit]) => `\`${alias}\` → \`${unit}\``).join(", ");
}

/** The whole of spec/policy-parameters.md. */
export function parameterPage(): string {
  const detailed = DETAILED_TYPES.map((table) => table.type);
  const others = RESOURCE_TYPES.map(({ type }) => type)
    .filter((type) => !detailed.includes(type))
    .sort();
  return [
    "# The parameters of the index policy, version 2",
    "",
    "Normative, with [policy](policy.md). Every type also has `_id`, `_type`, `_path` (tags), `_lastUpdated` (date, `meta.lastUpdated`), `_tag` and `_security` (token, `meta.tag`,",
    "`meta.security`), `_profile` (uri, `meta.profile`) and, from version 2, `_source` (uri, `meta.source`), none of which has keywords for presence; and the four sensitive categories beside those named. `a[f=v]` keeps the elements `a` whose `f` is `v`. *index of x*: searches ask the entries of x; *no",
    "index*: judged after decryption only; *own a*: its entries are of the elements a; *to T*: references to another type do not count; *of p*: the codes of parameter p, in the same element, are those of the quantity;",
    "*usual*, *presence*: which keywords say that there is a value or none ([policy](policy.md) §5); *from version 2*: no index, and no keywords, under version 1.",
    "",
    ...DETAILED_TYPES.flatMap(typeSection),
    "## All other resource types of R4",
    "",
    "`identifier` (token, system), `status` (token), `subject` (reference, `patient` and `subject`), `patient` (the same, index of subject, to Patient). MolecularSequence is always `genetics`.",
    "",
    ...othersByCategory(others),
    "",
  ].join("\n");
}

function typeSection(table: ResourceType): readonly string[] {
  const rows = [...table.parameters.values()].filter(({ name }) => !name.startsWith("_"));
  const first = (name: string): Parameter | undefined =>
    resourceTypeOf(table.type, 1)?.parameters.get(name);
  return [
    `## ${table.type}`,
    "",
    `${table.ordinary.join(", ")}`,
    "",
    "| parameter | type | elements | |",
    "|---|---|---|---|",
    ...rows.map(
      (row) => `| ${row.name} | ${row.type} | ${elements(row)} | ${marks(row, first(row.name))} |`,
    ),
    "",
  ];
}

function elements(parameter: Parameter): string {
  if (parameter.type === "composite") {
    return parameter.pairs.map(({ left, right }) => `${left} $ ${right}`).join("; ");
  }
  return parameter.paths.map(({ text }) => text).join(", ");
}

function marks(parameter: Parameter, first: Parameter | undefined): string {
  const was =
    first !== undefined && elements(first) !== elements(parameter) ? elements(first) : undefined;
  const { name, paths, index, emits, system, text, presence, many, targets, coded, type, since } =
    parameter;
  const composed = type === "composite" || (!presence.absent && !presence.present);
  return [
    type === "composite" || (index.length === 1 && index[0] === name)
      ? ""
      : index.length === 0
        ? "no index"
        : `index of ${index.join(", ")}`,
    was !== undefined || emits.every((path) => paths.includes(path))
      ? ""
      : `own ${emits.map((path) => path.text).join(", ")}`,
    targets.length === 0 ? "" : `to ${targets.join(", ")}`,
    coded === undefined ? "" : `of ${coded}`,
    system ? "system" : "",
    text ? "text" : "",
    composed || !presence.absent ? "" : presence.present ? "presence" : "usual",
    many ? "many" : "",
    since > 1 ? `from version ${since}` : "",
    was === undefined ? "" : `in version 1: ${was}`,
  ]
    .filter((mark) => mark !== "")
    .join(", ");
}

function othersByCategory(types: readonly string[]): readonly string[] {
  const byCategory = new Map<string, string[]>();
  for (const type of types) {
    const category = usualCategory(type);
    byCategory.set(category, [...(byCategory.get(category) ?? []), type]);
  }
  return [...byCategory]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, list]) => `- ${category}: ${list.join(", ")}`);
}

function usualCategory(type: string): string {
  const category = resourceTypeOf(type)?.ordinary[0];
  if (category === undefined) throw new Error(`${type} has no table`);
  return category;
}
