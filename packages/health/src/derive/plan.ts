import type { Category } from "../policy/category.ts";
import type { Parameter } from "../policy/parameter.ts";
import { below, type ElementPath, parsePath } from "../policy/path.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { isDeceased, valuesOf } from "../policy/values.ts";
import {
  boundAttribute,
  ID_PARAMETER,
  missingParameter,
  PATH_PARAMETER,
  rangeParameter,
  TYPE_PARAMETER,
  tagAttribute,
  textParameter,
} from "./attribute.ts";
import type { AttributeText } from "./entry.ts";

/** Everything about one parameter that does not depend on the resource, made once. */
export interface PlannedParameter {
  readonly parameter: Parameter;
  /** First keys of its paths: where a resource has none of them, it has no value. */
  readonly keys: readonly string[];
  /** A parameter that has a value in every resource, whichever elements are there. */
  readonly always: boolean;
  readonly values: (resource: unknown) => readonly unknown[];
  readonly tag: AttributeText;
  readonly missing: AttributeText;
  readonly text: AttributeText;
  readonly range: AttributeText;
  readonly low: AttributeText;
  readonly span: AttributeText;
  readonly number: AttributeText;
  readonly code: AttributeText;
  readonly unit: AttributeText;
  readonly coded?: CodedQuantity;
}

/** A quantity and the codes of what was measured, both below one element. */
export interface CodedQuantity {
  readonly base: ElementPath;
  readonly codes: ElementPath;
  readonly quantity: ElementPath;
}

/** The index of one resource type in one category. */
export interface Plan {
  readonly type: AttributeText;
  readonly path: AttributeText;
  readonly id: AttributeText;
  readonly parameters: readonly PlannedParameter[];
}

const plans = new Map<ResourceType, Map<Category, Plan>>();

/** The plan for a type in a category. There are as many as the policy's versions have of both. */
export function planOf(table: ResourceType, category: Category): Plan {
  const ofType = plans.get(table) ?? new Map<Category, Plan>();
  const known = ofType.get(category);
  if (known !== undefined) return known;
  const plan: Plan = {
    type: tagAttribute(category, table.type, TYPE_PARAMETER),
    path: tagAttribute(category, table.type, PATH_PARAMETER),
    id: tagAttribute(category, table.type, ID_PARAMETER),
    parameters: [...table.parameters.values()]
      .filter(({ emits, presence }) => emits.length > 0 || presence.absent || presence.present)
      .map((parameter) => planned(table, category, parameter)),
  };
  plans.set(table, ofType.set(category, plan));
  return plan;
}

function planned(table: ResourceType, category: Category, parameter: Parameter): PlannedParameter {
  const { name } = parameter;
  const tag = (of: string): AttributeText => tagAttribute(category, table.type, of);
  const coded = codedQuantity(table, parameter);
  return {
    parameter,
    keys: [
      ...new Set([...parameter.paths, ...parameter.emits].map((path) => path.steps[0]?.key ?? "")),
    ],
    always: isDeceased(table.type, parameter),
    values: valuesOf(table.type, parameter),
    tag: tag(name),
    missing: tag(missingParameter(name)),
    text: tag(textParameter(name)),
    range: tag(rangeParameter(name)),
    low: boundAttribute(category, table.type, name, "low"),
    span: boundAttribute(category, table.type, name, "span"),
    number: boundAttribute(category, table.type, name, "number"),
    code: boundAttribute(category, table.type, name, "code"),
    unit: boundAttribute(category, table.type, name, "unit"),
    ...(coded === undefined ? {} : { coded }),
  };
}

const ROOT = parsePath("");
const COMPONENT = parsePath("component");

function codedQuantity(table: ResourceType, parameter: Parameter): CodedQuantity | undefined {
  if (parameter.coded === undefined) return undefined;
  const codes = table.parameters.get(parameter.coded)?.paths[0];
  const quantity = parameter.paths[0];
  if (codes === undefined || quantity === undefined) return undefined;
  const base = below(COMPONENT, quantity) === undefined ? ROOT : COMPONENT;
  const codesBelow = below(base, codes);
  const quantityBelow = below(base, quantity);
  if (codesBelow === undefined || quantityBelow === undefined) return undefined;
  return { base, codes: codesBelow, quantity: quantityBelow };
}
