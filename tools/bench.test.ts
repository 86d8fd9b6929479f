import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALL, meantBy, NAMES } from "../bench/names.ts";

// Goal: a figure is measured by its name, whichever file computes it.

/** What stands beside the benchmarks. */
const OTHERS = ["figure", "names", "run"];

describe("a figure", () => {
  it("is named once, and no benchmark is without", () => {
    const folder = join(import.meta.dirname, "../bench");
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const benchmarks = files
      .map((name) => name.slice(0, -3))
      .filter((name) => !OTHERS.includes(name));
    expect(Object.keys(NAMES).sort()).toEqual(benchmarks.sort());
    expect(new Set(ALL).size).toBe(ALL.length);
  });

  it.each([
    ["ordered-encrypt", ["ordered-encrypt"]],
    ["ordered-encrypt-c", ["ordered-encrypt-cold", "ordered-encrypt-cold-4"]],
    ["bytes-per-entry", ["bytes-per-entry"]],
    ["sealed-e", ["sealed-encrypt", "sealed-evaluate", "sealed-evaluate-range"]],
    ["sources.ts", ["sources-1", "sources-100", "subtree"]],
    ["import.ts", ["import", "import-entries"]],
    ["nothing", []],
    ["nothing.ts", []],
  ])("is meant by its name, its beginning, or its file: %s", (word, names) => {
    expect(meantBy(word)).toEqual(names);
  });
});
