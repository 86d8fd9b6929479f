import type { Category, OrdinaryCategory } from "./category.ts";
import { SENSITIVE_CATEGORIES } from "./category.ts";
import { type Parameter, parameterOf, type Row } from "./parameter.ts";

/** What the policy says about one resource type. */
export interface ResourceType {
  readonly type: string;
  /** The ordinary categories that a record of the type can have, the usual one first. */
  readonly ordinary: readonly OrdinaryCategory[];
  /** Those and the sensitive ones: every category a search for the type must ask. */
  readonly categories: readonly Category[];
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/** Parameters of every type. `_type` and `_path` are the policy's own. */
const COMMON: readonly Row[] = [
  ["_lastUpdated", "date", "meta.lastUpdated"],
  ["_tag", "token", "meta.tag"],
  ["_security", "token", "meta.security"],
  ["_profile", "uri", "meta.profile"],
  ["_source", "uri", "meta.source", "none"],
];

/** An address and its parts, each with keywords of its own; `address` asks them all. */
export const ADDRESS: readonly Row[] = [
  [
    "address",
    "string",
    "address",
    "in=address,address-city,address-country,address-postalcode,address-state " +
      "own=address.text,address.line,address.district",
  ],
  ["address-city", "string", "address.city"],
  ["address-country", "string", "address.country"],
  ["address-postalcode", "string", "address.postalCode"],
  ["address-state", "string", "address.state"],
  ["address-use", "token", "address.use", "none"],
];

/** A person's name and its parts, each with keywords of its own; `name` asks them all. */
export const PERSON_NAME: readonly Row[] = [
  ["name", "string", "name", "in=name,family,given own=name.text,name.prefix,name.suffix"],
  ["family", "string", "name.family"],
  ["given", "string", "name.given"],
];

/** Phone numbers and the like. */
export const TELECOM: readonly Row[] = [
  ["telecom", "token", "telecom"],
  ["email", "token", "telecom[system=email]", "in=telecom"],
  ["phone", "token", "telecom[system=phone]", "in=telecom"],
];

/** The table of one type. */
export function resourceType(
  type: string,
  ordinary: readonly OrdinaryCategory[],
  rows: readonly Row[],
): ResourceType {
  const parameters = [...COMMON, ...rows].map(parameterOf);
  return {
    type,
    ordinary,
    categories: [...ordinary, ...SENSITIVE_CATEGORIES],
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
  };
}
