// How parts of FHIR resources read to people. Whatever is not there, or not as FHIR has it, is empty.

export type Json = Readonly<Record<string, unknown>>;

const DATES = [
  "effectiveDateTime",
  "effectivePeriod",
  "effectiveInstant",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "onsetDateTime",
  "onsetPeriod",
  "started",
  "period",
  "startDate",
  "authoredOn",
  "authored",
  "recordedDate",
  "date",
  "issued",
  "created",
  "recorded",
];

/** The date that a clinician would file it under, to the minute, as it was written. */
export function dateOf(resource: Json): string {
  for (const name of DATES) {
    const value = resource[name];
    const text = textOf(value) || textOf(objects(value)[0]?.start);
    if (text !== "") return text.slice(0, 16).replace("T", " ");
  }
  return "";
}

/** What a coded concept, or a list of them, says. */
export function codesOf(value: unknown): string {
  const all = objects(value).map((concept) => {
    const codings = objects(concept.coding);
    const shown = codings.map((coding) => textOf(coding.display)).find((text) => text !== "");
    return textOf(concept.text) || shown || textOf(codings[0]?.code);
  });
  return all.filter((text) => text !== "").join(", ");
}

/** The value of an observation; of a panel those of its components. */
export function valueText(observation: Json): string {
  const own = ownValueOf(observation);
  if (own !== "") return own;
  const parts = objects(observation.component).map((component) => ({
    label: codesOf(component.code),
    value: ownValueOf(component),
  }));
  const shown = parts.filter(({ value }) => value !== "");
  const shared = sharedEnding(shown.map(({ label }) => label));
  return shown
    .map(({ label, value }) => `${label.slice(0, label.length - shared)} ${value}`)
    .join("; ");
}

/** How many characters several labels end alike in, by words: ` blood pressure`. */
function sharedEnding(labels: readonly string[]): number {
  const [first = "", ...others] = labels;
  if (others.length === 0) return 0;
  for (let at = first.indexOf(" "); at > 0; at = first.indexOf(" ", at + 1)) {
    const ending = first.slice(at);
    if (others.every((label) => label.endsWith(ending) && label !== ending)) return ending.length;
  }
  return 0;
}

function ownValueOf(resource: Json): string {
  const quantity = objects(resource.valueQuantity)[0];
  if (quantity !== undefined) return quantityOf(quantity);
  for (const name of [
    "valueString",
    "valueDateTime",
    "valueInteger",
    "valueBoolean",
    "valueTime",
  ]) {
    const text = textOf(resource[name]);
    if (text !== "") return text;
  }
  return codesOf(resource.valueCodeableConcept) || codesOf(resource.dataAbsentReason);
}

const SHOWN_DIGITS = 6;

/** A number with its unit; digits beyond what anybody measures are not shown. */
export function quantityOf(quantity: Json): string {
  const { value } = quantity;
  const shown = typeof value === "number" ? String(Number(value.toPrecision(SHOWN_DIGITS))) : "";
  const unit = textOf(quantity.unit) || textOf(quantity.code);
  return [textOf(quantity.comparator) + shown, unit].filter((part) => part !== "").join(" ");
}

/** Given names and family name of the first, or the official, name. */
export function humanName(value: unknown): string {
  const names = objects(value);
  const name = names.find((one) => one.use === "official") ?? names[0] ?? {};
  const list = (part: unknown): string[] => (Array.isArray(part) ? part.map(textOf) : []);
  const parts = [...list(name.prefix), ...list(name.given), textOf(name.family)];
  return textOf(name.text) || parts.filter((part) => part !== "").join(" ");
}

export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The objects in an element that is one or a list of them. */
export function objects(value: unknown): readonly Json[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((part): part is Json => typeof part === "object" && part !== null);
}
