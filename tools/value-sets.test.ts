import { describe, expect, it } from "vitest";

// Goal: a value set has all of its codes or none, because a code that is in it must never be refused.
// Method: small code systems, and a set for each way in which one can be composed.

const { ValueSets } = await import(new URL("./value-sets.mjs", import.meta.url).href);

const system = (name: string, content: string, concept: unknown) => {
  return { resourceType: "CodeSystem", url: `urn:${name}`, content, concept };
};
const set = (name: string, include: readonly object[], exclude?: readonly object[]) => {
  return { resourceType: "ValueSet", url: `urn:set:${name}`, compose: { include, exclude } };
};
const tree = [
  { code: "a", concept: [{ code: "b", concept: [{ code: "c" }] }] },
  { code: "d", property: [{ code: "subsumedBy", valueCode: "b" }] },
  { code: "e" },
];
const isA = (op: string) => [{ property: "concept", op, value: "b" }];

const sets = new ValueSets([
  system("tree", "complete", tree),
  system("part", "fragment", [{ code: "x" }]),
  set("whole", [{ system: "urn:tree" }]),
  set("listed", [{ system: "urn:part", concept: [{ code: "y" }] }]),
  set("is-a", [{ system: "urn:tree", filter: isA("is-a") }]),
  set("below", [{ system: "urn:tree", filter: isA("descendent-of") }]),
  set("without", [{ system: "urn:tree" }], [{ system: "urn:tree", concept: [{ code: "a" }] }]),
  set("of-a-set", [
    { valueSet: ["urn:set:is-a"] },
    { system: "urn:tree", concept: [{ code: "e" }] },
  ]),
  set("part", [{ system: "urn:part" }]),
  set("elsewhere", [{ system: "urn:nowhere" }]),
  set("odd-filter", [{ system: "urn:tree", filter: [{ property: "x", op: "=", value: "y" }] }]),
  set("both", [{ system: "urn:tree", valueSet: ["urn:set:is-a"] }]),
  set("itself", [{ valueSet: ["urn:set:itself"] }]),
  set("of-a-part", [{ system: "urn:tree" }, { valueSet: ["urn:set:part"] }]),
  set("without-a-part", [{ system: "urn:tree" }], [{ valueSet: ["urn:set:part"] }]),
]);

describe("a value set", () => {
  it.each([
    ["whole", { "urn:tree": ["a", "b", "c", "d", "e"] }],
    ["listed", { "urn:part": ["y"] }],
    ["is-a", { "urn:tree": ["b", "c", "d"] }],
    ["below", { "urn:tree": ["c", "d"] }],
    ["without", { "urn:tree": ["b", "c", "d", "e"] }],
    ["of-a-set", { "urn:tree": ["b", "c", "d", "e"] }],
  ])("that is composed as %s has all its codes", (name, codes) => {
    expect(sets.codesOf(`urn:set:${name}`)).toEqual(codes);
  });

  it.each([
    "part",
    "elsewhere",
    "odd-filter",
    "both",
    "itself",
    "of-a-part",
    "without-a-part",
    "none",
  ])("that is composed as %s is left out", (name) => {
    expect(sets.codesOf(`urn:set:${name}`)).toBeUndefined();
  });
});
