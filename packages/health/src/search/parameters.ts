import { ID_PARAMETER } from "../derive/attribute.ts";
import type { Parameter, ParameterType } from "../policy/parameter.ts";
import { publishedParameter } from "../policy/published.ts";
import { RESOURCE_TYPES, resourceTypeOf } from "../policy/types.ts";
import { isIdentifier } from "./needle-reader.ts";
import type { Prefix } from "./prefix.ts";

/** What whoever composes or describes searches must know of a search parameter. */
export interface SearchParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** References: the types that count; empty for any. */
  readonly targets: readonly string[];
}

/** A search parameter as a CapabilityStatement and its readers want it. */
export interface DescribedParameter extends SearchParameter {
  readonly documentation: string;
  /** FHIRPath, for what R4 defines. */
  readonly expression: string | undefined;
  /**
   * `index`: values are compared in the cloud, under encryption. `opened`: whoever asks compares them
   * after decryption. Modifiers that have no index (`:not`, `:contains`) are always judged then.
   */
  readonly evaluated: "index" | "opened";
  /** `type` stands for the name of a type that a reference points to. */
  readonly modifiers: readonly string[];
  readonly comparators: readonly Prefix[];
}

/** Every resource type that can be searched. */
export const SEARCHED_TYPES: readonly string[] = RESOURCE_TYPES.map(({ type }) => type);

const ID: SearchParameter = { name: ID_PARAMETER, type: "token", targets: [] };

/** A parameter of a type; undefined for one that is not known. */
export function searchParameterOf(type: string, name: string): SearchParameter | undefined {
  const table = resourceTypeOf(type);
  if (table === undefined) return undefined;
  if (name === ID_PARAMETER) return ID;
  const parameter = table.parameters.get(name);
  if (parameter === undefined) return undefined;
  return { name, type: parameter.type, targets: targetsOf(type, parameter) };
}

/** Every parameter of a type, `_id` first. */
export function searchParametersOf(type: string): readonly SearchParameter[] {
  const table = resourceTypeOf(type);
  if (table === undefined) return [];
  const own = [...table.parameters.values()].map((parameter) => ({
    name: parameter.name,
    type: parameter.type,
    targets: targetsOf(type, parameter),
  }));
  return [ID, ...own];
}

/** The same, with what a CapabilityStatement says of each. */
export function describedParametersOf(type: string): readonly DescribedParameter[] {
  const parameters = resourceTypeOf(type)?.parameters;
  return searchParametersOf(type).map((known) => {
    const parameter = parameters?.get(known.name);
    const published = publishedParameter(type, known.name);
    return {
      ...known,
      documentation: published?.documentation ?? "",
      expression: published?.expression,
      evaluated: parameter === undefined || hasIndex(parameter, parameters) ? "index" : "opened",
      modifiers: parameter === undefined ? ["not"] : modifiersOf(parameter),
      comparators: COMPARED.has(known.type) ? COMPARATORS : [],
    };
  });
}

/** What a reference may point to: as the policy says, else as R4 does. */
function targetsOf(type: string, { name, type: kind, targets }: Parameter): readonly string[] {
  if (kind !== "reference" || targets.length > 0) return targets;
  return publishedParameter(type, name)?.targets ?? [];
}

/** A composite asks the indexes of its parts. */
function hasIndex(
  { index, pairs }: Parameter,
  all: ReadonlyMap<string, Parameter> = new Map(),
): boolean {
  if (index.length > 0) return true;
  const part = (name: string): boolean => (all.get(name)?.index.length ?? 0) > 0;
  return pairs.length > 0 && pairs.every(({ left, right }) => part(left) || part(right));
}

const COMPARED: ReadonlySet<ParameterType> = new Set(["date", "number", "quantity"]);
const COMPARATORS: readonly Prefix[] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

function modifiersOf(parameter: Parameter): readonly string[] {
  switch (parameter.type) {
    case "token":
      return ["missing", "not", "text", ...(isIdentifier(parameter) ? ["of-type"] : [])];
    case "string":
      return ["missing", "exact", "contains"];
    case "uri":
      return ["missing", "above", "below"];
    case "reference":
      return ["missing", "identifier", "type"];
    default:
      return ["missing"];
  }
}
