// Which elements of a FHIR R4 resource say whom it is about, who made it, where and when.

import type { Resource } from "./population/population.ts";

type Json = Readonly<Record<string, unknown>>;

/** Elements that name the organisation responsible. */
const OWNERS = ["serviceProvider", "custodian", "managingOrganization", "owner", "organization"];

/** Elements that name who wrote, asked for or did it, the most telling first: references, or objects around one. */
const ACTORS = [
  "author",
  "requester",
  "performer",
  "recorder",
  "asserter",
  "operator",
  "sender",
  "provider",
  "source",
  "informationSource",
  "agent",
  "participant",
];
const INSIDE_AN_ACTOR = ["onBehalfOf", "actor", "who", "individual"];

const SUBJECTS = ["subject", "patient", "beneficiary", "for", "individual", "target"];

/** When it happened, before when it was written down. */
export const TIMES: readonly string[] = [
  "effectiveDateTime",
  "effectivePeriod",
  "effectiveInstant",
  "performedDateTime",
  "performedPeriod",
  "occurrenceDateTime",
  "occurrencePeriod",
  "occurredDateTime",
  "occurredPeriod",
  "onsetDateTime",
  "onsetPeriod",
  "started",
  "period",
  "collection",
  "startDate",
  "authoredOn",
  "authored",
  "recordedDate",
  "assertedDate",
  "dateTime",
  "date",
  "issued",
  "created",
  "recorded",
  "sent",
  "whenHandedOver",
  "whenPrepared",
  "statusDate",
  "createdDateTime",
  "createdPeriod",
  "start",
  "billablePeriod",
  "servicePeriod",
  "executionPeriod",
  "effectiveTiming",
  "occurrenceTiming",
  "identifiedDateTime",
  "identifiedPeriod",
  "timestamp",
  "received",
];
const INSIDE_A_TIME = ["start", "collectedDateTime", "end"];

export function isOrganisation(reference: string): boolean {
  return /^Organization[/?]/.test(reference);
}

export function isPractitioner(reference: string): boolean {
  return /^Practitioner[/?]/.test(reference);
}

export function isPatient(reference: string): boolean {
  return /^Patient[/?]/.test(reference);
}

/** Whom or what a resource is about. */
export function subjectsOf(resource: Resource): readonly string[] {
  const named = SUBJECTS.flatMap((name) => references(resource[name]));
  return [...named, ...objects(resource.participant).flatMap((part) => references(part.actor))];
}

/** The organisations that a resource names as responsible for it. */
export function ownersOf(resource: Resource): readonly string[] {
  return OWNERS.flatMap((name) => references(resource[name], "Organization"));
}

/** Who wrote, asked for or did what a resource tells. */
export function actorsOf(resource: Resource): readonly string[] {
  const collectors = objects(resource.collection).flatMap((part) => references(part.collector));
  const actors = ACTORS.flatMap((name) => objects(resource[name])).flatMap((actor) => [
    ...INSIDE_AN_ACTOR.flatMap((inside) => references(actor[inside])),
    ...references(actor),
  ]);
  return [...actors, ...collectors];
}

/** Where it happened. */
export function placesOf(resource: Resource): readonly string[] {
  return objects(resource.location).flatMap((place) => [
    ...references(place),
    ...references(place.location),
  ]);
}

/** The encounter that a resource belongs to; of an encounter it is itself. */
export function visitsNamedBy(resource: Resource): readonly string[] {
  const own = resource.resourceType === "Encounter" ? [`Encounter/${resource.id}`] : [];
  const context = objects(resource.context).flatMap((part) => [
    ...references(part),
    ...references(part.encounter),
  ]);
  return [...own, ...references(resource.encounter), ...context];
}

/** Milliseconds since 1970 of what a resource tells about, at its beginning. */
export function timeOf(resource: Resource): number | undefined {
  for (const name of TIMES) {
    const value = resource[name];
    const inside = objects(value).flatMap((part) => INSIDE_A_TIME.map((end) => part[end]));
    for (const candidate of [value, ...inside]) {
      const time = instant(candidate);
      if (time !== undefined) return time;
    }
  }
  return undefined;
}

/** The beginning of a FHIR date; a time without a zone, which FHIR does not allow, is taken as UTC. */
export function instant(date: unknown): number | undefined {
  if (typeof date !== "string") return undefined;
  const zoned = /T[\d:.]+$/.test(date) ? `${date}Z` : date;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The references in an element that is one or a list of them.
 *
 * Gives:   `Type/id`, without server and version; `Type?identifier=system|value` for a logical one;
 *          with `type`, `Type?name=…` for one that only says a name.
 */
export function references(element: unknown, type?: string): readonly string[] {
  const found: string[] = [];
  for (const part of objects(element)) {
    const reference = referenceOf(part, type);
    if (reference !== undefined) found.push(reference);
  }
  return found;
}

const LITERAL = /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]+)?$/;

function referenceOf(part: Json, type: string | undefined): string | undefined {
  const { reference, display } = part;
  if (typeof reference === "string" && !reference.startsWith("#")) {
    return LITERAL.exec(reference)?.[1] ?? reference;
  }
  const kind = typeof part.type === "string" ? part.type : type;
  if (kind === undefined) return undefined;
  const { system, value } = objects(part.identifier)[0] ?? {};
  if (typeof value === "string") {
    return `${kind}?identifier=${typeof system === "string" ? system : ""}|${value}`;
  }
  return typeof display === "string" && type !== undefined ? `${kind}?name=${display}` : undefined;
}

/** The objects in an element that is one or a list of them, whatever else stands there. */
export function objects(element: unknown): readonly Json[] {
  const list = Array.isArray(element) ? element : [element];
  return list.filter((part): part is Json => typeof part === "object" && part !== null);
}
