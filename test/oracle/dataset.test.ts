/**
 * Goal: the oracle knows who made each resource of a bundle.
 * Method: a bundle by hand, with references of both kinds.
 */
import { expect, it } from "vitest";
import { readBundle } from "./dataset.ts";
import type { JsonObject } from "./json.ts";

it("resolves references and says which organisation made what", () => {
  const entry = (type: string, id: string, fields: JsonObject): JsonObject => ({
    fullUrl: `urn:uuid:${id}`,
    resource: { resourceType: type, id, ...fields },
  });
  const entries = readBundle({
    resourceType: "Bundle",
    entry: [
      entry("Patient", "p", {}),
      entry("Organization", "h", {}),
      entry("Encounter", "e", {
        serviceProvider: { reference: "urn:uuid:h" },
        period: { start: "2015-01-01", end: "2015-01-02" },
      }),
      entry("Encounter", "late", {
        serviceProvider: { reference: "Organization/k" },
        period: { start: "2019-01-01", end: "2019-01-02" },
      }),
      entry("Observation", "o", {
        subject: { reference: "urn:uuid:p" },
        encounter: { reference: "urn:uuid:e" },
      }),
      entry("Goal", "g", { subject: { reference: "urn:uuid:p" } }),
      entry("AllergyIntolerance", "a", { recordedDate: "2018-06-01" }),
    ],
  });
  expect(entries.map(({ type, organisation }) => `${type} ${organisation}`)).toEqual([
    "Patient ",
    "Encounter h",
    "Encounter k",
    "Observation h",
    "Goal ",
    "AllergyIntolerance k",
  ]);
  expect(entries[3]?.resource.subject).toEqual({ reference: "Patient/p" });
});
