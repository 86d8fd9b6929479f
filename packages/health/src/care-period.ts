import type { DateRange } from "./canonical/date.ts";
import { dateValue } from "./canonical/value.ts";
import { objects, TIMES } from "./care.ts";
import type { Period } from "./consent/consent.ts";

/** A resource, with or without a name of its own. */
interface Resource {
  readonly resourceType: string;
  readonly [element: string]: unknown;
}

/** Whom and what care is by, for and with: what has no time of care, and is part of any. */
const TIMELESS: ReadonlySet<string> = new Set([
  "Patient",
  "RelatedPerson",
  "Person",
  "Practitioner",
  "PractitionerRole",
  "Organization",
  "OrganizationAffiliation",
  "Location",
  "HealthcareService",
  "Endpoint",
  "Medication",
  "Substance",
  "Device",
]);

/**
 * The instants of the care that a resource tells of, as far as it says; when it happened counts before
 * when it was written down. A period without an end goes on.
 */
function careRange(resource: Resource): DateRange | undefined {
  // Of a document: what it tells of, and not when it was made.
  const told = objects(resource.context).map(({ period }) => period);
  const collected = objects(resource.collection).map(({ collectedPeriod }) => collectedPeriod);
  for (const value of [...told, ...collected, ...TIMES.map((name) => resource[name])]) {
    for (const candidate of [value, ...objects(value).map((part) => part.collectedDateTime)]) {
      const range = candidate === undefined ? undefined : dateValue(candidate);
      if (range?.ok && range.value !== undefined) return range.value;
    }
  }
  return undefined;
}

/**
 * Whether a resource is of a period of care: some of what it tells happened in it, as far as its dates
 * say. What has no date is of no period, but for whom and what care is by, for and with.
 *
 * Source:  docs/decisions/0073-what-a-period-covers.md.
 */
export function isOfPeriod(resource: Resource, [start, end]: Period): boolean {
  if (start === undefined || end === undefined) return true;
  if (TIMELESS.has(resource.resourceType)) return true;
  const range = careRange(resource);
  return range !== undefined && range.low <= end && range.high >= start;
}
