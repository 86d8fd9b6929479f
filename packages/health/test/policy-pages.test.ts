import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { aliasList, parameterPage, stepTable, unitTable } from "./policy-pages.ts";

// Goal: the normative pages and the code are one. Method: print the code's tables, look for them.

const page = (name: string): string =>
  readFileSync(new URL(`../../../spec/${name}`, import.meta.url), "utf8");

it("spec/policy-parameters.md is the tables of the code", () => {
  expect(page("policy-parameters.md")).toBe(parameterPage());
});

it("spec/policy.md has the steps, units and aliases of the code", () => {
  const text = page("policy.md");
  expect(text).toContain(stepTable());
  expect(text).toContain(unitTable());
  expect(text).toContain(aliasList());
});
