import { POLICY_VERSION, type PolicyVersion } from "./policy.ts";
import { type ResourceType, resourceType } from "./resource-type.ts";
import { ADMINISTRATION } from "./types/administration.ts";
import { CLINICAL } from "./types/clinical.ts";
import { DOCUMENTS } from "./types/documents.ts";
import { MEDICATIONS } from "./types/medications.ts";
import { OTHERS } from "./types/others.ts";
import { PEOPLE } from "./types/people.ts";
import { PLANS } from "./types/plans.ts";
import { RESULTS } from "./types/results.ts";

/** The tables that spec/policy.md §7 prints, in its order. */
export const DETAILED_TYPES: readonly ResourceType[] = [
  ...PEOPLE,
  ...RESULTS,
  ...CLINICAL,
  ...MEDICATIONS,
  ...PLANS,
  ...DOCUMENTS,
  ...ADMINISTRATION,
];

/** Every type that has a table. */
export const RESOURCE_TYPES: readonly ResourceType[] = [...DETAILED_TYPES, ...OTHERS];

const BY_NAME: ReadonlyMap<string, ResourceType> = new Map(
  RESOURCE_TYPES.map((table) => [table.type, table]),
);

/** Tables of version 1, made when a vault of that version is met. */
const FIRST = new Map<string, ResourceType>();

/** The policy's table of a resource type; undefined for what is none in R4. */
export function resourceTypeOf(
  type: string,
  version: PolicyVersion = POLICY_VERSION,
): ResourceType | undefined {
  const newest = BY_NAME.get(type);
  if (newest === undefined || version === POLICY_VERSION) return newest;
  const known = FIRST.get(type);
  if (known !== undefined) return known;
  const first = resourceType(type, newest.ordinary, newest.rows, version);
  FIRST.set(type, first);
  return first;
}
