import { type Condition, codings, PlainSearch, spanOf } from "./plain-search.ts";
import type { AnyResource } from "./running-gateway.ts";

/** A search to pose, and what plain evaluation answers. */
export interface Posed {
  /** The row of `FORMS` that it is of. */
  readonly form: string;
  readonly query: string;
  readonly ids: readonly string[];
  /** With `_revinclude=Provenance:target`: the ids of what is included. */
  readonly included?: readonly string[];
}

/**
 * The searches that servers of US Core 7 must answer: a type and the parameters together.
 *
 * Source:  US Core 7.0.0, CapabilityStatement us-core-server: combinations and parameters that are SHALL.
 */
const FORMS = `
AllergyIntolerance patient
CarePlan patient category
CareTeam patient status
Condition patient
Condition patient category
Coverage patient
Device patient
DiagnosticReport patient
DiagnosticReport patient category
DiagnosticReport patient code
DiagnosticReport patient category date
DocumentReference _id
DocumentReference patient
DocumentReference patient category
DocumentReference patient type
DocumentReference patient category date
Encounter _id
Encounter patient
Encounter date patient
Goal patient
Immunization patient
Location name
Location address
MedicationDispense patient
MedicationRequest patient
MedicationRequest patient intent
MedicationRequest patient intent status
Observation patient
Observation patient category
Observation patient code
Observation patient category date
Organization name
Organization address
Patient _id
Patient identifier
Patient name
Patient birthdate name
Patient gender name
Practitioner _id
Practitioner name
Practitioner identifier
PractitionerRole practitioner
PractitionerRole specialty
Procedure patient
Procedure patient date
QuestionnaireResponse patient
RelatedPerson patient
RelatedPerson patient name
ServiceRequest _id
ServiceRequest patient
ServiceRequest patient category
ServiceRequest patient code
ServiceRequest patient category authored
Specimen _id
Specimen patient
`;

const PREFIXES = ["", "gt", "lt", "ge", "le"];
/** Resources of a type from which questions are made, so that the set stays small. */
const SEEDS = 2;

/** Make the questions of every form from what resources hold. */
export function posedQuestions(data: readonly AnyResource[]): readonly Posed[] {
  const plain = new PlainSearch(data);
  const posed = new Map<string, Posed>();
  for (const form of FORMS.trim().split("\n")) {
    const [type = "", ...names] = form.split(" ");
    const seeds = plain
      .ofType(type)
      .filter((resource) => names.every((name) => givenBy(plain, resource, name) !== undefined));
    // One from the beginning and one from the end: an example, and something of Synthea's.
    const [first, ...others] = new Set([...seeds.slice(0, 1), ...seeds.slice(1 - SEEDS)]);
    if (first === undefined) continue;
    const asked = [
      ...variants(plain, first, names),
      ...others.map((seed) => names.map((name) => conditionOf(plain, seed, name))),
    ];
    for (const conditions of asked) {
      const query = queryOf(type, conditions);
      posed.set(query, { form, query, ids: plain.find(type, conditions) });
    }
  }
  return [...posed.values(), ...withProvenance(plain)];
}

function queryOf(type: string, conditions: readonly Condition[]): string {
  const parts = conditions.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  return `${type}?${parts.join("&")}&_count=1000`;
}

/** A date with each prefix; everything else as it stands, and once with an alternative that nothing has. */
function variants(
  plain: PlainSearch,
  seed: AnyResource,
  names: readonly string[],
): readonly (readonly Condition[])[] {
  const whole = names.map((name) => conditionOf(plain, seed, name));
  const date = whole.find(({ name }) => plain.typeOf(seed.resourceType, name) === "date");
  if (date !== undefined) {
    return PREFIXES.map((prefix) =>
      whole.map((each) => (each === date ? { ...each, value: `${prefix}${each.value}` } : each)),
    );
  }
  const last = whole.at(-1) as Condition;
  if (plain.typeOf(seed.resourceType, last.name) !== "token" || last.name === "_id") return [whole];
  return [whole, [...whole.slice(0, -1), { ...last, value: `${last.value},nothing-has-it` }]];
}

const conditionOf = (plain: PlainSearch, seed: AnyResource, name: string): Condition => ({
  name,
  value: givenBy(plain, seed, name) as string,
});

/** How a search would name what a resource has; undefined where it has nothing. */
function givenBy(plain: PlainSearch, resource: AnyResource, name: string): string | undefined {
  if (name === "_id") return resource.id;
  const [found] = plain.valuesOf(resource, name);
  if (found === undefined) return undefined;
  switch (plain.typeOf(resource.resourceType, name)) {
    case "reference":
      return (found as { readonly reference?: string }).reference;
    case "token": {
      const { system, code } = codings(found)[0] ?? {};
      if (code === undefined) return undefined;
      return system === undefined ? code : `${system}|${code}`;
    }
    case "date": {
      const span = spanOf(found);
      if (span === undefined || !Number.isFinite(span.low)) return undefined;
      return new Date(span.low).toISOString().slice(0, 10);
    }
    default:
      return wordOf(found);
  }
}

/** The first word of a name or an address that is long enough to be searched for. */
function wordOf(found: unknown): string | undefined {
  if (typeof found === "string") return found.split(/[ ,]/)[0];
  const { family, given, city } = found as Readonly<Record<string, unknown>>;
  const first = family ?? (Array.isArray(given) ? given[0] : undefined) ?? city;
  return typeof first === "string" ? first : undefined;
}

function withProvenance(plain: PlainSearch): readonly Posed[] {
  const origins = plain.ofType("Provenance");
  return ["Patient", "Observation", "Condition"].flatMap((type) => {
    const [first] = plain.ofType(type);
    if (first === undefined) return [];
    const name = `${type}/${first.id}`;
    const included = origins
      .filter(({ target }) =>
        (target as readonly { readonly reference?: string }[]).some(
          ({ reference }) => reference === name,
        ),
      )
      .map(({ id }) => id)
      .sort();
    const form = `${type} _revinclude`;
    const query = `${type}?_id=${first.id}&_revinclude=Provenance:target`;
    return [{ form, query, ids: [first.id], included }];
  });
}
