import { missingParameter } from "../derive/attribute.ts";
import type { Pair, Parameter } from "../policy/parameter.ts";
import { below, type ElementPath, elementsAt } from "../policy/path.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { valuesOf } from "../policy/values.ts";
import { anyOf, type Questions } from "./needle.ts";

/** Whether a resource has no value for a parameter; of a composite, no element with both parts. */
export function isMissing(
  table: ResourceType,
  parameter: Parameter,
): (resource: unknown) => boolean {
  if (parameter.type === "composite") {
    const pairs = parameter.pairs.map((pair) => hasBoth(table, pair));
    return (resource) => !pairs.some((test) => test(resource));
  }
  const values = valuesOf(table.type, parameter);
  return (resource) => values(resource).length === 0;
}

function hasBoth(table: ResourceType, { base, left, right }: Pair): (resource: unknown) => boolean {
  const [a, b] = [left, right].map((name) =>
    (table.parameters.get(name)?.paths ?? []).flatMap((path) => below(base, path) ?? []),
  );
  const has = (element: unknown, paths: readonly ElementPath[] = []): boolean =>
    paths.some((path) => elementsAt(element, path).length > 0);
  return (resource) =>
    elementsAt(resource, base).some((element) => has(element, a) && has(element, b));
}

/**
 * What the index is asked for `:missing`: the keyword of the parameter, or of those that it is made of.
 *
 * Gives:   nothing where that answer has no keyword: it is then the usual one, and `_type` finds it.
 */
export function askMissing(table: ResourceType, parameter: Parameter, missing: boolean): Questions {
  const { name, presence, type, emits, index } = parameter;
  if (missing ? presence.absent : presence.present) {
    return [[{ kind: "tag", attribute: missingParameter(name), keyword: String(missing) }]];
  }
  if (type === "composite") return askPairs(table, parameter.pairs, missing);
  const isComposed = emits.length === 0 && index.length > 1;
  if (presence.absent || presence.present || !isComposed) return [];
  const parts = index.map((part) => askPart(table, part, missing));
  // What looks into several parameters has no value where none of them has, and one where any has.
  return missing ? parts.flat() : anyOf(parts);
}

function askPairs(table: ResourceType, pairs: readonly Pair[], missing: boolean): Questions {
  if (!missing) {
    return anyOf(
      pairs.map(({ left, right }) => [
        ...askPart(table, left, false),
        ...askPart(table, right, false),
      ]),
    );
  }
  // Within one element of several, both parts may be there and never together.
  const whole = pairs.find(({ base }) => base.steps.length === 0);
  if (whole === undefined) return [];
  return anyOf([askPart(table, whole.left, true), askPart(table, whole.right, true)]);
}

function askPart(table: ResourceType, name: string, missing: boolean): Questions {
  const parameter = table.parameters.get(name);
  return parameter === undefined ? [] : askMissing(table, parameter, missing);
}
