/**
 * Goal: the parts of a search that need no world: what a shortened resource keeps, and how long answers are kept.
 * Method: examples by hand, and properties over resources of any form.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Kept, KeptAnswers } from "../src/search/kept-answers.ts";
import { project } from "../src/search/projection.ts";

const PATIENT = {
  resourceType: "Patient",
  id: "p1",
  meta: { versionId: "3", tag: [{ code: "mine" }] },
  text: { status: "generated", div: "<div/>" },
  active: true,
  name: [{ family: "Okafor" }],
  birthDate: "1970-01-01",
  _birthDate: { extension: [] },
  deceasedBoolean: false,
  contact: [{ name: { family: "Other" } }],
  link: [{ other: { reference: "Patient/p2" }, type: "seealso", extension: [{ url: "x" }] }],
  photo: [{ url: "x" }],
};

describe("projection", () => {
  const keys = (projection: Parameters<typeof project>[1]): string[] =>
    Object.keys(project(PATIENT, projection)).sort();

  it("keeps what is asked for, what is mandatory and what modifies the rest", () => {
    expect(keys({ elements: ["birthDate"] })).toEqual(
      [
        "resourceType",
        "id",
        "meta",
        "active",
        "birthDate",
        "_birthDate",
        "deceasedBoolean",
        "link",
      ].sort(),
    );
    expect(keys({ elements: ["Patient.name"] })).toContain("name");
    expect(keys({ elements: ["Observation.status"] })).toEqual(Object.keys(PATIENT).sort());
  });

  it("keeps the summary, within elements too", () => {
    const summary = project(PATIENT, { summary: "true" });
    expect(Object.keys(summary)).not.toContain("contact");
    expect(Object.keys(summary)).not.toContain("photo");
    expect(Object.keys(summary)).not.toContain("text");
    expect(summary.deceasedBoolean).toBe(false);
    expect(summary.link).toEqual([{ other: { reference: "Patient/p2" }, type: "seealso" }]);
  });

  it("tags what is not whole beside the tags that were there, and nothing else", () => {
    for (const summary of ["true", "text", "data"] as const) {
      const { tag } = project(PATIENT, { summary }).meta as { tag: { code: string }[] };
      expect(tag.map(({ code }) => code)).toEqual(["mine", "SUBSETTED"]);
    }
    expect(project(PATIENT, {})).toBe(PATIENT);
  });

  it("never throws, and never adds an element", () => {
    const resource = fc
      .record({ resourceType: fc.constantFrom("Patient", "Claim", "X") })
      .chain((base) =>
        fc.dictionary(fc.string(), fc.jsonValue()).map((rest) => ({ ...rest, ...base })),
      );
    fc.assert(
      fc.property(resource, fc.constantFrom("true", "text", "data"), (any, summary) => {
        const kept = Object.keys(project(any, { summary }));
        expect(kept.every((key) => key === "meta" || Object.hasOwn(any, key))).toBe(true);
      }),
    );
  });
});

describe("kept answers", () => {
  const answer = (size: number, asker = "a"): Kept & { closed: boolean } => ({
    closed: false,
    asker,
    size: () => size,
    close() {
      this.closed = true;
    },
  });
  const limits = { answersMax: 3, resourcesMax: 100, idleMs: 1_000 };

  it("are given to who asked, and to nobody else", () => {
    const kept = new KeptAnswers<Kept>({ ...limits, now: () => 0 });
    const one = answer(1);
    const id = kept.keep(one);
    expect(kept.take(id, "a")).toBe(one);
    expect(kept.take(id, "b")).toBeUndefined();
    expect(kept.take(`${id}x`, "a")).toBeUndefined();
  });

  it("go when they are old, too many or too large, the longest unused first", () => {
    let now = 0;
    const kept = new KeptAnswers<Kept>({ ...limits, now: () => now });
    const [first, second, third] = [answer(40), answer(40), answer(40)];
    const ids = [kept.keep(first), kept.keep(second)];
    expect(kept.take(ids[0] as string, "a")).toBe(first);
    kept.keep(third);
    expect([first.closed, second.closed, third.closed]).toEqual([false, true, false]);
    now = 1_001;
    expect(kept.take(ids[0] as string, "a")).toBeUndefined();
    expect(first.closed && third.closed).toBe(true);
    const large = answer(1_000);
    expect(kept.take(kept.keep(large), "a")).toBe(large);
  });
});
