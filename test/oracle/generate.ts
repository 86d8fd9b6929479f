import { expected, type Question } from "./compare.ts";
import type { Dataset, Entry } from "./dataset.ts";
import { PREFIXES } from "./date.ts";
import { type Form, formFrom } from "./forms.ts";
import type { Parameter } from "./parameters.ts";
import { Choice } from "./random.ts";
import { parameterOf } from "./search.ts";

/** Answers beyond this many make a question slow and teach nothing more. */
const ANSWERS_MAX = 400;

/**
 * Questions over all patients at once cost several requests per vault, so only this share are, and only
 * as many as are required: each takes as long as the questions to one patient of half a set.
 */
const EVERYONE = 0.02;

const ROUND: readonly Parameter["kind"][] = [
  "token",
  "date",
  "quantity",
  "composite",
  "string",
  "reference",
  "token",
  "date",
  "composite",
];

/** What a list may be ordered by without a tie being resolved by anything but the keys. */
const SORTS: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ["date"],
  CarePlan: ["date", "status"],
  Condition: ["onset-date", "recorded-date", "abatement-date"],
  DiagnosticReport: ["date", "issued"],
  Encounter: ["date"],
  ImagingStudy: ["started"],
  Immunization: ["date"],
  MedicationRequest: ["authoredon", "status"],
  Observation: ["date"],
  Patient: ["birthdate", "family", "gender", "death-date"],
  Procedure: ["date"],
};

/** What at least `LEAST` questions of a set must exercise, whatever the seed. */
export const REQUIRED: readonly string[] = [
  ...PREFIXES.flatMap((prefix) => [`date:${prefix}`, `quantity:${prefix}`]),
  ...["year", "month", "day", "minute", "second", "zone"],
  ...["code", "system|code", "system|", "|code", "case", "not", "text", "missing"],
  ...["prefix", "exact", "contains", "folded", "id", "typed", "absolute", "Type/id"],
  ...["any unit", "||code", "converted", "composite", "and", "or", "escape", "encoded"],
  ...["sort", "sort:several", "count", "everyone", "one patient", "subtree"],
];
export const LEAST = 4;

/**
 * Make questions out of the data: every condition is one that some resource suggests.
 *
 * Takes:   a seed, and the time that `ap` is measured from.
 * Gives:   `count` different questions, and as many more as `REQUIRED` needs; at most one in ten has
 *          no answer, and no answer depends on a point that R4 leaves open (see `isOpen`).
 */
export function generate(data: Dataset, seed: number, count: number, now: number): Question[] {
  const choice = new Choice(seed);
  const byType = grouped(data.entries, ({ type }) => type);
  const byPatient = grouped(data.entries, ({ patient }) => patient);
  const questions = new Map<string, Question>();
  const seen = new Map<string, number>();
  const lacking = (kind: string): boolean => (seen.get(kind) ?? 0) < LEAST;
  let empty = 0;
  for (let round = 0; questions.size < count || REQUIRED.some(lacking); round += 1) {
    const question = ask(ROUND[round % ROUND.length] as Parameter["kind"], byType, choice);
    if (question === undefined) continue;
    if (question.kinds.includes("everyone") && !lacking("everyone")) continue;
    if (
      questions.size >= count &&
      !question.kinds.some((kind) => isRequired(kind) && lacking(kind))
    )
      continue;
    const key = JSON.stringify([question.text, question.patient, question.organisation]);
    if (questions.has(key)) continue;
    const [type = ""] = question.text.split("?");
    const among = byPatient.get(question.patient ?? "") ?? byType.get(type) ?? [];
    const found = expected(question, among, { now, reading: "literal" });
    if (found.length > ANSWERS_MAX || isOpen(question, among, now, found)) continue;
    if (found.length === 0 && (empty + 1) * 10 > questions.size) continue;
    if (found.length === 0) empty += 1;
    questions.set(key, question);
    for (const kind of question.kinds) seen.set(kind, (seen.get(kind) ?? 0) + 1);
  }
  return [...questions.values()];
}

const isRequired = (kind: string): boolean => REQUIRED.includes(kind);

function grouped(
  entries: readonly Entry[],
  by: (entry: Entry) => string,
): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(by(entry));
    if (group === undefined) groups.set(by(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}

function ask(
  kind: Parameter["kind"],
  byType: ReadonlyMap<string, readonly Entry[]>,
  choice: Choice,
): Question | undefined {
  const entry = choice.of(byType.get(typeFor(kind, byType, choice)) ?? []);
  const first = formFrom(entry, kind, choice);
  if (first === undefined) return undefined;
  const forms = [first, ...more(entry, first, byType, choice)];
  const text = write(entry.type, forms, choice);
  const kinds = [...forms.flatMap((form) => form.kinds), ...text.kinds, entry.type];
  const place = whom(entry, choice);
  return { ...place.limits, text: text.text, kinds: [...new Set([...kinds, ...place.kinds])] };
}

function typeFor(
  kind: Parameter["kind"],
  byType: ReadonlyMap<string, readonly Entry[]>,
  choice: Choice,
): string {
  if (kind === "quantity" || kind === "composite") return "Observation";
  if (kind === "string") return choice.chance(0.7) ? "Patient" : "Observation";
  return choice.of([...byType.keys()]);
}

/** Further conditions: a second parameter (AND), the same again (a range), an alternative (OR). */
function more(
  entry: Entry,
  first: Form,
  byType: ReadonlyMap<string, readonly Entry[]>,
  choice: Choice,
): Form[] {
  const forms: Form[] = [];
  const presence = Object.keys(SORTS).includes(entry.type) && choice.chance(0.08);
  if (presence) {
    const name = choice.of(SORTS[entry.type] as readonly string[]);
    forms.push({ name: `${name}:missing`, value: String(choice.chance(0.3)), kinds: ["missing"] });
  }
  if (choice.chance(0.3)) {
    const kind = choice.of(["token", "date", "reference"] as const);
    const second = formFrom(entry, kind, choice);
    if (second !== undefined) forms.push({ ...second, kinds: [...second.kinds, "and"] });
  }
  if (choice.chance(0.25)) {
    const parameter = parameterOf(entry.type, first.name.split(":")[0] as string);
    const other = choice.of(byType.get(entry.type) ?? [entry]);
    const again = formFrom(other, parameter.kind, choice);
    const joined = `${first.value},${again?.value}`;
    if (again?.name === first.name && again.value !== first.value) {
      forms.push({ name: first.name, value: joined, kinds: [...again.kinds, "or"] });
    }
  }
  return forms;
}

/** Spell the conditions as a query, percent-encoded as far as needed or altogether. */
function write(
  type: string,
  forms: readonly Form[],
  choice: Choice,
): { text: string; kinds: string[] } {
  const alternatives = forms.filter(({ kinds }) => kinds.includes("or"));
  const kept = forms.filter(
    (form) => !alternatives.some((other) => other !== form && other.name === form.name),
  );
  const whole = choice.chance(0.2);
  const pairs = kept.map(({ name, value }) => `${name}=${encode(value, whole)}`);
  const kinds = whole ? ["encoded"] : [];
  const sorts = SORTS[type] ?? [];
  if (sorts.length > 0 && choice.chance(0.35)) {
    const keys = choice.chance(0.4)
      ? [...sorts].sort(() => choice.next() - 0.5)
      : [choice.of(sorts)];
    pairs.push(`_sort=${keys.map((key) => (choice.chance(0.5) ? `-${key}` : key)).join(",")}`);
    kinds.push("sort", ...(keys.length > 1 ? ["sort:several"] : []));
  }
  if (choice.chance(0.15)) {
    pairs.push(`_count=${1 + choice.below(12)}`);
    kinds.push("count");
  }
  return { text: `${type}?${pairs.join("&")}`, kinds };
}

const encode = (value: string, whole: boolean): string => {
  const all = encodeURIComponent(value);
  if (whole) return all;
  return all.replace(/%(?:7C|2C|24|3A|2F|5B|5D)/g, (code) => decodeURIComponent(code));
};

function whom(
  entry: Entry,
  choice: Choice,
): { limits: Pick<Question, "patient" | "organisation">; kinds: string[] } {
  if (choice.chance(entry.type === "Patient" ? 0.2 : EVERYONE))
    return { limits: {}, kinds: ["everyone"] };
  if (entry.organisation === "" || choice.chance(0.7)) {
    return { limits: { patient: entry.patient }, kinds: ["one patient"] };
  }
  const limits = { patient: entry.patient, organisation: entry.organisation };
  return { limits, kinds: ["one patient", "subtree"] };
}

/** Whether the two readings of what R4 leaves open (see `Rules`) give different answers. */
export function isOpen(
  question: Question,
  among: readonly Entry[],
  now: number,
  literal: readonly Entry[] = expected(question, among, { now, reading: "literal" }),
): boolean {
  const other = new Set(expected(question, among, { now, reading: "other" }));
  return other.size !== literal.length || literal.some((entry) => !other.has(entry));
}
