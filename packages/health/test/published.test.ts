import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4";
import { describe, expect, it } from "vitest";
import { publishedParameters } from "../../../tools/search-parameters.ts";
import { codingsOf, stringsOf } from "../src/canonical/keyword.ts";
import { dateValue, numberValue, quantityValue } from "../src/canonical/value.ts";
import type { Parameter } from "../src/policy/parameter.ts";
import { isObject } from "../src/policy/path.ts";
import published from "../src/policy/published.json" with { type: "json" };
import { type PublishedParameter, publishedParameter } from "../src/policy/published.ts";
import { DETAILED_TYPES, resourceTypeOf } from "../src/policy/types.ts";
import { typeOfReference, valuesOf } from "../src/policy/values.ts";
import { resourcesWith } from "./element-samples.ts";
import { BECAUSE, SHARED_DATA, sharedResources } from "./shared-data.ts";

// Goal: what the policy's tables say of R4's search parameters is what HL7 publishes. Method: slice the
// definitions again; evaluate every published expression by an independent FHIRPath, over resources made
// to have its elements and over those of others; and compare with what the tables find there.

/** Parameters that R4 defines for these types; 453 of them for the 34 that a health record usually has. */
const PUBLISHED = DETAILED_TYPES.flatMap(({ type }) => {
  const all: Readonly<Record<string, Readonly<Record<string, PublishedParameter>>>> =
    published.types;
  return Object.entries(all[type] ?? {}).map(([name, { expression }]) => ({
    type,
    name,
    expression: expression ?? "",
  }));
});

it("published.json is what the installed definitions say", () => {
  const file = new URL("../src/policy/published.json", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(publishedParameters());
});

it("all 757 parameters that R4 defines for these types are known, each as what it is", () => {
  const known = PUBLISHED.map(({ type, name }) => ({
    name: `${type}.${name}`,
    type: resourceTypeOf(type)?.parameters.get(name)?.type,
  }));
  const said = PUBLISHED.map(({ type, name }) => ({
    name: `${type}.${name}`,
    type: publishedParameter(type, name)?.type,
  }));
  expect(known).toEqual(said);
  expect(known).toHaveLength(757);
});

/** Whether a value is of a kind that the parameter can compare: `occurrence` may be a text, and no date. */
function isComparable({ type, name }: Parameter, value: unknown): boolean {
  switch (type) {
    case "date": {
      const range = dateValue(value);
      return range.ok && range.value !== undefined && !isQuantity(value);
    }
    case "quantity": {
      const range = quantityValue(value);
      return range.ok && range.value !== undefined;
    }
    case "number":
      return numberValue(value).ok;
    case "token":
      return codingsOf(value) !== undefined && name !== "special";
    case "string":
      return stringsOf(value) !== undefined;
    case "reference":
      return typeof value === "string" || (isObject(value) && "reference" in value);
    default:
      return value !== undefined;
  }
}

const isQuantity = (value: unknown): boolean => isObject(value) && "value" in value;

type ByExpression = (resource: unknown) => readonly unknown[];

/**
 * The published expression, but for two things: the type of a reference is what it says, since nothing is
 * fetched; and `as`, which FHIRPath allows of one element only, is asked of each.
 */
function compiled(expression: string, parameter: Parameter): ByExpression {
  const target = /\.where\(resolve\(\) is (\w+)\)/.exec(expression)?.[1];
  const asked = expression
    .replace(/\.where\(resolve\(\) is \w+\)/, "")
    .replaceAll(/\(([\w.]+) as (\w+)\)/g, "$1.ofType($2)")
    .replaceAll(/\.as\((\w+)\)/g, ".ofType($1)");
  const path = fhirpath.compile(asked, r4);
  return (resource) =>
    (path(resource as object) as readonly unknown[]).filter(
      (value) =>
        isComparable(parameter, value) &&
        (target === undefined || ["", target].includes(typeOfReference(value))),
    );
}

const distinct = (values: readonly unknown[]): readonly string[] =>
  [...new Set(values.map((value) => JSON.stringify(value)))].sort();

/** Those whose values are other things than what stands in elements: their rules are in search.test.ts. */
const OTHERWISE = new Set(["Bundle.composition", "Bundle.message"]);
const SIMPLE = PUBLISHED.filter(
  ({ type, name }) =>
    resourceTypeOf(type)?.parameters.get(name)?.type !== "composite" &&
    !OTHERWISE.has(`${type}.${name}`),
);

describe("over resources made for each", () => {
  it.each(SIMPLE)("$type $name", ({ type, name, expression }) => {
    const parameter = resourceTypeOf(type)?.parameters.get(name) as Parameter;
    const [theirs, ours] = [compiled(expression, parameter), valuesOf(type, parameter)];
    let found = 0;
    for (const resource of resourcesWith(type, expression)) {
      const values = distinct(theirs(resource));
      const own = ours(resource).filter((value) => isComparable(parameter, value));
      expect(distinct(own), JSON.stringify(resource)).toEqual(values);
      found += values.length;
    }
    expect(found).toBeGreaterThan(0);
  });
});

it("composites are judged on the elements that R4 names", () => {
  const composites = PUBLISHED.flatMap(({ type, name, expression }) => {
    const parameter = resourceTypeOf(type)?.parameters.get(name);
    return parameter?.type === "composite" ? [{ type, name, expression, parameter }] : [];
  });
  const ours = composites.map(({ type, parameter }) =>
    parameter.pairs.map(({ base }) => [type, base.text].filter((part) => part !== "").join(".")),
  );
  expect(ours).toEqual(composites.map(({ expression }) => expression.split(" | ")));
});

describe.skipIf(!SHARED_DATA)(`over the shared data${BECAUSE}`, () => {
  it("finds what the published expressions find", { timeout: 120_000 }, () => {
    const taken = new Map<string, number>();
    const sample = sharedResources(4).filter(({ resourceType }) => {
      const count = (taken.get(resourceType) ?? 0) + 1;
      taken.set(resourceType, count);
      return count <= 12 || count % 200 === 0;
    });
    const tests = new Map(
      DETAILED_TYPES.map(({ type }) => [
        type,
        SIMPLE.filter((each) => each.type === type).map(({ name, expression }) => {
          const parameter = resourceTypeOf(type)?.parameters.get(name) as Parameter;
          return {
            name,
            theirs: compiled(expression, parameter),
            ours: valuesOf(type, parameter),
            parameter,
          };
        }),
      ]),
    );
    let found = 0;
    for (const resource of sample) {
      for (const { name, theirs, ours, parameter } of tests.get(resource.resourceType) ?? []) {
        const values = distinct(theirs(resource));
        const own = ours(resource).filter((value) => isComparable(parameter, value));
        expect(distinct(own), `${resource.resourceType}.${name}`).toEqual(values);
        found += values.length;
      }
    }
    expect(found).toBeGreaterThan(2000);
  });
});
