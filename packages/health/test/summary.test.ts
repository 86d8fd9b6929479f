import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildSummary, type Json, population } from "../src/index.ts";

// Goal: a summary is a document of its own that says what is there, never that nothing is.
// Method: a patient of the invented population, an empty record, and hostile ones; every reference is
// followed.

const NOW = "2026-11-22T12:00:00Z";

function names(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
  };
}

function summaryOf(records: readonly Json[], patient?: Json) {
  return buildSummary({ patient, records, now: NOW, uuid: names() });
}

interface Entry {
  readonly fullUrl: string;
  readonly resource: Json & { readonly resourceType: string };
}

function entriesOf({ document }: { readonly document: Json }): readonly Entry[] {
  return document.entry as readonly Entry[];
}

interface Section {
  readonly title: string;
  readonly text: { readonly div: string };
  readonly entry: readonly { readonly reference: string }[];
}

function sectionsOf(summary: { readonly document: Json }): readonly Section[] {
  return (entriesOf(summary)[0]?.resource.section ?? []) as readonly Section[];
}

const [history] = population({ patients: 1, hospitals: 2, seed: 7 }).patients;
const patient = history?.patient as unknown as Json;
const records = [...(history?.records ?? [])].map(({ resource }) => resource as unknown as Json);

describe("a summary of a record", () => {
  const summary = summaryOf(records, patient);

  it("is a document whose first entry is the composition, and the second the patient", () => {
    expect(summary.document).toMatchObject({ resourceType: "Bundle", type: "document" });
    expect(
      entriesOf(summary)
        .map(({ resource }) => resource.resourceType)
        .slice(0, 2),
    ).toEqual(["Composition", "Patient"]);
  });

  it("has a section for what is in the record, and each lists what the document holds", () => {
    const held = new Set(entriesOf(summary).map(({ fullUrl }) => fullUrl));
    const sections = sectionsOf(summary);
    expect(sections.length).toBeGreaterThanOrEqual(5);
    for (const { entry } of sections) {
      expect(entry.length).toBeGreaterThan(0);
      for (const { reference } of entry) expect(held).toContain(reference);
    }
  });

  it("refers to its patient by the name that she has in it", () => {
    const url = entriesOf(summary)[1]?.fullUrl;
    const subjects = entriesOf(summary)
      .slice(2)
      .map(({ resource }) => (resource.subject ?? resource.patient) as { reference?: string });
    expect(new Set(subjects.map((subject) => subject?.reference))).toEqual(new Set([url]));
  });

  it("shows at most three results of one code, the newest", () => {
    const vitals = summary.sections.find(({ name }) => name === "vitals")?.records ?? [];
    const counts = new Map<string, number>();
    for (const { code } of vitals) {
      const name = JSON.stringify(code);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(3);
  });
});

it("says once what two hospitals both know", () => {
  const known = (id: string, text: string) => ({ resourceType: "Condition", id, code: { text } });
  const summary = summaryOf([known("1", "Asthma"), known("2", "Asthma"), known("3", "Gout")]);
  expect(summary.sections[0]?.records.map(({ id }) => id)).toEqual(["1", "3"]);
});

describe("what is not there", () => {
  it("is said to be unknown in the three sections that must be, and not to be none", () => {
    const summary = summaryOf([]);
    expect(sectionsOf(summary).map(({ title }) => title)).toEqual([
      "Allergies and intolerances",
      "Medication summary",
      "Problem list",
    ]);
    const text = JSON.stringify(summary.document);
    for (const code of ["no-allergy-info", "no-medication-info", "no-problem-info"]) {
      expect(text).toContain(code);
    }
    expect(text).not.toContain("no-known");
  });

  it("does not count what was entered in error or is over", () => {
    const coded = (code: string) => ({ coding: [{ code }] });
    const wrong = { resourceType: "Condition", verificationStatus: coded("entered-in-error") };
    const over = { resourceType: "Condition", clinicalStatus: coded("resolved") };
    expect(summaryOf([wrong, over]).sections).toEqual([]);
  });
});

describe("a summary that is taken elsewhere", () => {
  const prescription = {
    resourceType: "MedicationRequest",
    status: "active",
    medicationReference: { reference: "Medication/m" },
    requester: { reference: "Practitioner/p" },
  };
  const parts = { patient, now: NOW, uuid: names(), records: [prescription] };
  const base = "https://fhir.example/fhir";

  it("holds what its records refer to, and names in full what it has not", () => {
    const referred = ["m", "other"].map((id) => ({ resourceType: "Medication", id }));
    const summary = buildSummary({ ...parts, referred, base });
    const medications = entriesOf(summary).filter(
      ({ resource }) => resource.resourceType === "Medication",
    );
    expect(medications.map(({ resource }) => resource.id)).toEqual(["m"]);
    const held = entriesOf(summary).find(({ resource }) => resource.status === "active");
    expect(held?.resource).toMatchObject({
      medicationReference: { reference: medications[0]?.fullUrl },
      requester: { reference: `${base}/Practitioner/p` },
    });
  });

  it("says which sources did not answer, and that it is preliminary then", () => {
    const [composition] = entriesOf(buildSummary({ ...parts, missing: ["Clinic <by> the Sea"] }));
    expect(composition?.resource.status).toBe("preliminary");
    expect(JSON.stringify(composition?.resource.section)).toContain("Clinic &lt;by&gt; the Sea");
    const [whole] = entriesOf(buildSummary(parts));
    expect(whole?.resource.status).toBe("final");
  });
});

describe("hostile records", () => {
  it("stay text in the narrative", () => {
    const code = { text: '<img src=x onerror="alert(1)">&\u0000' };
    const [first] = sectionsOf(summaryOf([{ resourceType: "AllergyIntolerance", code }]));
    expect(first?.text.div).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;");
    expect(first?.text.div).not.toContain("<img");
  });

  it("never stop it", () => {
    const types = ["Condition", "Observation", "MedicationRequest", "AllergyIntolerance"];
    const resource = fc.record({
      resourceType: fc.constantFrom(...types),
      code: fc.json(),
      id: fc.string(),
    });
    const odd = fc.oneof(resource, fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 8 }), (some) => {
        expect(summaryOf(some as Json[]).document.resourceType).toBe("Bundle");
      }),
    );
  });
});
