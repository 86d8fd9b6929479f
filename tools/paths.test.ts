import { expect, it } from "vitest";
import { missing, writings } from "./paths.ts";

// Goal: what documents and comments name is there: a path that is gone sends its reader nowhere.
// Method: read them as text; each kind of name first in a text that names what nobody has.

/** Tests of the rules name what they plant. */
const PLANTS = /^tools\/[\w-]+\.test\.ts$/;

it("every path, section, decision and command that is named is there", () => {
  const all = writings().filter(({ path }) => !PLANTS.test(path));
  expect(all.length).toBeGreaterThan(1000);
  expect(all.flatMap(missing)).toEqual([]);
});

it.each([
  ["a path from the root", "see apps/cloud/src/gone.ts"],
  ["a path within its part", "as test/gone.test.ts does"],
  ["a folder", "kept in packages/gone/"],
  ["a link", "[this](gone.md#part)"],
  ["a decision", "as decision 9999 says"],
  ["a decision by its path", "docs/decisions/9999"],
  ["a section", "Spec: keys §99"],
  ["a page of the specification", "spec/gone.md §1"],
  ["a command", "npm run gone"],
])("catches %s that is gone", (_, text) => {
  expect(missing({ path: "docs/guides/planted.md", text }).length).toBeGreaterThan(0);
});

it.each([
  ["a path", "apps/cloud/src/main.ts"],
  ["a decision", "docs/decisions/0021"],
  ["a section", "Spec: keys §1"],
  ["a command", "npm run check"],
])("passes %s that is there", (_, text) => {
  expect(missing({ path: "docs/guides/planted.md", text })).toEqual([]);
});
