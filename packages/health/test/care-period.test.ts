import { describe, expect, it } from "vitest";
import { isOfPeriod } from "../src/index.ts";

// Goal: what is of a period of care is told by when care was given, as far as a resource says.

const PERIOD = [Date.UTC(2030, 3, 1), Date.UTC(2030, 4, 1) - 1] as const;
const of = (resourceType: string, fields: object) =>
  isOfPeriod({ resourceType, id: "a", ...fields }, PERIOD);

describe("a period of care", () => {
  it.each([
    ["a day in it", "Observation", { effectiveDateTime: "2030-04-30" }, true],
    ["a day after it", "Observation", { effectiveDateTime: "2030-05-01" }, false],
    [
      "a moment that is before it elsewhere",
      "Observation",
      { effectiveDateTime: "2030-04-01T01:00:00+02:00" },
      false,
    ],
    ["a month that is it", "Condition", { onsetDateTime: "2030-04" }, true],
    [
      "a stay that reaches into it",
      "Encounter",
      { period: { start: "2030-03-01", end: "2030-04-02" } },
      true,
    ],
    ["a stay that goes on", "Encounter", { period: { start: "2029-01-01" } }, true],
    [
      "a stay that was over",
      "Encounter",
      { period: { start: "2029-01-01", end: "2030-03-31" } },
      false,
    ],
    [
      "written in it of another time",
      "Condition",
      { onsetDateTime: "2020", recordedDate: "2030-04-02" },
      false,
    ],
    ["known only as written in it", "Condition", { recordedDate: "2030-04-02" }, true],
    [
      "a document of a visit in it, made later",
      "DocumentReference",
      {
        date: "2031-01-01T00:00:00Z",
        context: { period: { start: "2030-04-02", end: "2030-04-03" } },
      },
      true,
    ],
    ["a specimen", "Specimen", { collection: { collectedDateTime: "2030-04-02" } }, true],
    [
      "a specimen collected over days",
      "Specimen",
      { collection: { collectedPeriod: { end: "2030-03-02" } } },
      false,
    ],
    ["an appointment", "Appointment", { start: "2030-04-02T10:00:00Z" }, true],
    [
      "events at times",
      "MedicationAdministration",
      { effectiveTiming: { event: ["2030-01-01", "2030-06-01"] } },
      true,
    ],
    ["a date that cannot be read", "Observation", { effectiveDateTime: "soon" }, false],
    ["no date", "AllergyIntolerance", {}, false],
    ["who she is", "Patient", { birthDate: "1970-01-01" }, true],
    ["where a physician works", "PractitionerRole", { period: { end: "2001" } }, true],
  ])("holds %s or not", (_, type, fields, expected) => {
    expect(of(type, fields)).toBe(expected);
  });

  it("is all time where none is named", () => {
    expect(isOfPeriod({ resourceType: "Observation", id: "a" }, [])).toBe(true);
  });
});
