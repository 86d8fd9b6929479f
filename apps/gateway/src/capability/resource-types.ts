import { type DescribedParameter, describedParametersOf } from "@salus/health";
import { STORED_TYPES } from "../http/address.ts";
import type { World } from "../world.ts";

const PROFILES = "http://hl7.org/fhir/StructureDefinition";

/** What can be done with every type: the same with each, for one code does it. */
interface Doable {
  readonly interaction: readonly { readonly code: string }[];
  readonly rest: object;
}

function doable({ reads, writes }: World["abilities"]): Doable {
  const reading = ["read", "vread", "history-instance", "search-type"];
  // Who cannot read cannot patch either, nor look whether a condition is met.
  const writing = ["create", "update", "delete", ...(reads ? ["patch"] : [])];
  return {
    interaction: [...(reads ? reading : []), ...(writes ? writing : [])].map((code) => ({ code })),
    rest: {
      versioning: reads && writes ? "versioned-update" : "versioned",
      readHistory: reads,
      updateCreate: writes,
      conditionalCreate: reads && writes,
      conditionalRead: reads ? "full-support" : "not-supported",
      conditionalUpdate: reads && writes,
      conditionalDelete: reads && writes ? "single" : "not-supported",
      referencePolicy: ["literal", "logical"],
    },
  };
}

/** `CapabilityStatement.rest.resource`: every type, and what can be done with it. */
export function resourceTypes(
  abilities: World["abilities"],
  operations: ReadonlyMap<string, readonly object[]>,
): readonly object[] {
  const { interaction, rest } = doable(abilities);
  const parameters = new Map(STORED_TYPES.map((type) => [type, describedParametersOf(type)]));
  const pointing = pointingAt(parameters);
  return STORED_TYPES.map((type) => {
    const own = parameters.get(type) ?? [];
    const includes = own.filter(isReference).map(({ name }) => `${type}:${name}`);
    const reverse = [...(pointing.get(type) ?? []), ...(pointing.get("") ?? [])];
    const operation = [...(operations.get(type) ?? []), ...(operations.get("") ?? [])];
    return {
      type,
      profile: `${PROFILES}/${type}`,
      interaction,
      ...rest,
      ...(abilities.reads && {
        ...(includes.length > 0 && { searchInclude: [`${type}:*`, ...includes] }),
        ...(reverse.length > 0 && { searchRevInclude: reverse }),
        searchParam: own.map(searchParam),
      }),
      ...(operation.length > 0 && { operation }),
    };
  });
}

const isReference = ({ type }: DescribedParameter): boolean => type === "reference";

/** The parameters that may point to a type, by its name; those that may point anywhere by none. */
function pointingAt(
  parameters: ReadonlyMap<string, readonly DescribedParameter[]>,
): ReadonlyMap<string, readonly string[]> {
  const pointing = new Map<string, string[]>();
  for (const [type, all] of parameters) {
    for (const { name, targets, expression } of all.filter(isReference)) {
      // What only the index policy knows may point anywhere, and nobody asks for it by name.
      if (targets.length === 0 && expression === undefined) continue;
      for (const target of targets.length === 0 ? [""] : targets) {
        pointing.set(target, [...(pointing.get(target) ?? []), `${type}:${name}`]);
      }
    }
  }
  return pointing;
}

/** What a parameter is, and where it is judged: what the cloud cannot compare is opened first. */
function searchParam(parameter: DescribedParameter): object {
  const { name, type, documentation, evaluated, modifiers } = parameter;
  const where =
    evaluated === "index"
      ? "Compared in the cloud, under encryption."
      : "Compared at the gateway, after opening what the other parameters leave.";
  const may = modifiers.length === 0 ? "" : ` Modifiers: ${modifiers.join(", ")}.`;
  const says = documentation === "" ? "" : documentation.trim().replace(/\.?$/, ". ");
  return { name, type, documentation: `${says}${where}${may}` };
}
