import { expect, it } from "vitest";
import { circles, unusedExports } from "./imports.ts";
import { type SourceFile, sources } from "./sources.ts";

// Goal: who reads one file after the other comes to an end, and every door leads somewhere.
// Method: follow the imports of all files; each rule first over planted files.

const EVERYTHING = ["packages", "apps", "tools", "test", "bench"].flatMap(sources);
/** Taken by name while the program runs: a figure by whoever runs all, the order of tests by their runner. */
const BY_NAME = /^bench\/[\w-]+\.ts run$|^tools\/longest-first\.ts LongestFirst$/;

function plant(files: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

it("no file imports itself by way of others", () => {
  expect(circles(EVERYTHING)).toEqual([]);
});

it.each([
  ["two files", { "a.ts": 'import { b } from "./b.ts";', "b.ts": 'import { a } from "./a.ts";' }],
  ["a type", { "a.ts": 'import type { B } from "./b.ts";', "b.ts": 'export { a } from "./a.ts";' }],
  [
    "a package",
    {
      "packages/base/src/index.ts": 'export { a } from "./a.ts";',
      "packages/base/src/a.ts": 'const base = await import("@salus/base");',
    },
  ],
])("catches a circle of %s", (_, files) => {
  expect(circles(plant(files))).toHaveLength(1);
});

it("nothing is given out that nobody takes", () => {
  expect(unusedExports(EVERYTHING).filter((unused) => !BY_NAME.test(unused))).toEqual([]);
});

it("catches what nobody takes, and what only an index hands on", () => {
  const files = {
    "a.ts": "export const taken = 1;\nexport function handedOn() {}\nexport class Alone {}",
    "index.ts": 'export { handedOn } from "./a.ts";',
    "b.ts": 'import { taken } from "./a.ts";',
  };
  expect(unusedExports(plant(files))).toEqual(["a.ts handedOn", "a.ts Alone"]);
});
