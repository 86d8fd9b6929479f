import type { ResourceType } from "./resource-type.ts";
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

/** The policy's table of a resource type; undefined for what is none in R4. */
export function resourceTypeOf(type: string): ResourceType | undefined {
  return BY_NAME.get(type);
}
