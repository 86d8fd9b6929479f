import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { publishedParameters } from "../../../tools/search-parameters.ts";

// Goal: what the code says of R4's search parameters is what HL7 publishes. Method: slice it again.

it("published.json is what the installed definitions say", () => {
  const file = new URL("../src/policy/published.json", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(publishedParameters());
});
