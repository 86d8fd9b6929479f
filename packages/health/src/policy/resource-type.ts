import type { Category, OrdinaryCategory } from "./category.ts";
import { SENSITIVE_CATEGORIES } from "./category.ts";
import { type Parameter, parameterOf, type Row } from "./parameter.ts";
import { POLICY_VERSION, type PolicyVersion } from "./policy.ts";

/** What the policy says about one resource type. */
export interface ResourceType {
  readonly type: string;
  /** The ordinary categories that a record of the type can have, the usual one first. */
  readonly ordinary: readonly OrdinaryCategory[];
  /** Those and the sensitive ones: every category a search for the type must ask. */
  readonly categories: readonly Category[];
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly rows: readonly Row[];
}

/** Parameters of every type. `_type` and `_path` are the policy's own. */
const COMMON: readonly Row[] = [
  ["_lastUpdated", "date", "meta.lastUpdated"],
  ["_tag", "token", "meta.tag"],
  ["_security", "token", "meta.security"],
  ["_profile", "uri", "meta.profile"],
  ["_source", "uri", "meta.source", "since=2"],
];

/** An address and its parts, each with keywords of its own; `address` asks them all. */
export const ADDRESS: readonly Row[] = [
  [
    "address",
    "string",
    "address",
    "in=address,address-city,address-country,address-postalcode,address-state " +
      "own=address.text,address.line,address.district usual",
  ],
  ["address-city", "string", "address.city", "usual"],
  ["address-country", "string", "address.country", "usual"],
  ["address-postalcode", "string", "address.postalCode", "usual"],
  ["address-state", "string", "address.state", "usual"],
  ["address-use", "token", "address.use", "since=2"],
];

/** A person's name and its parts, each with keywords of its own; `name` asks them all. */
export const PERSON_NAME: readonly Row[] = [
  ["name", "string", "name", "in=name,family,given own=name.text,name.prefix,name.suffix usual"],
  ["family", "string", "name.family", "usual"],
  ["given", "string", "name.given", "usual"],
];

/** Phone numbers and the like. */
export const TELECOM: readonly Row[] = [
  ["telecom", "token", "telecom"],
  ["email", "token", "telecom[system=email]", "in=telecom"],
  ["phone", "token", "telecom[system=phone]", "in=telecom"],
];

/** The table of one type, as a version of the policy has it. */
export function resourceType(
  type: string,
  ordinary: readonly OrdinaryCategory[],
  rows: readonly Row[],
  version: PolicyVersion = POLICY_VERSION,
): ResourceType {
  const parameters = [...COMMON, ...rows].map((row) => parameterOf(row, version));
  return {
    type,
    ordinary,
    categories: [...ordinary, ...SENSITIVE_CATEGORIES],
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    rows,
  };
}
