import { assert } from "@salus/base";
import { describe, expect, it } from "vitest";
import {
  BALANCED,
  type CompiledSearch,
  compartmentParameters,
  compileSearch,
  deriveIndex,
  describedParametersOf,
  type Policy,
  referencesOf,
  searchParameterOf,
} from "../src/index.ts";
import { PlaintextIndex } from "./plaintext-index.ts";

// Goal: presence, numbers, addresses and places are searched as R4 says, the index loses none of it, and
// whoever composes searches is told the truth about them. Method: one resource, one search, the answer.

const FIRST: Policy = { version: 1, kind: "balanced" };

function compiled(text: string, policy: Policy = BALANCED): CompiledSearch {
  const search = compileSearch(text, { policy, now: 0 });
  assert(search.ok, `${text} compiles: ${JSON.stringify(search)}`);
  return search.value;
}

/** Whether a resource matches, and is a candidate; under each version of the policy. */
function judge(type: string, elements: object, query: string): { match: boolean; found: boolean } {
  const resource = { resourceType: type, id: "a", ...elements };
  const [newest, first] = [BALANCED, FIRST].map((policy) => {
    const search = compiled(`${type}?${query}`, policy);
    const index = new PlaintextIndex();
    // Sources make entries of the newest version; readers may ask by the first.
    for (const made of new Set([policy, BALANCED])) {
      const derived = deriveIndex(resource, { path: [], policy: made });
      assert(derived.ok, `the resource has an index: ${JSON.stringify(derived)}`);
      const own = new PlaintextIndex();
      own.add(0, derived.value.entries);
      if (search.matches(resource)) expect(own.candidates(search.clauses), query).toContain(0);
      index.add(0, derived.value.entries);
    }
    return { match: search.matches(resource), found: index.candidates(search.clauses).has(0) };
  });
  assert(newest !== undefined && newest.match === first?.match, "versions agree on what matches");
  return newest;
}

type Row = readonly [query: string, elements: object, matches: boolean, found: boolean];

const CODE = { coding: [{ system: "s", code: "c" }] };
const PAIR = { code: CODE, valueQuantity: { value: 1 } };

describe("presence", () => {
  const rows: readonly Row[] = [
    ["code:missing=false", { code: CODE }, true, true],
    ["code:missing=true", { code: CODE }, false, false],
    ["code:missing=true", {}, true, true],
    ["focus:missing=false", { focus: [{ reference: "Group/1" }] }, true, true],
    ["focus:missing=false", {}, false, false],
    ["focus:missing=true", {}, true, true],
    ["patient:missing=true", { subject: { reference: "Group/1" } }, true, true],
    ["patient:missing=true", { subject: { reference: "Patient/1" } }, false, false],
    ["patient:missing=false", { subject: { reference: "urn:uuid:1" } }, true, true],
    ["subject:missing=false", { subject: { identifier: { value: "7" } } }, true, true],
    ["value-quantity:missing=true", { code: CODE }, true, true],
    ["value-date:missing=false", { valuePeriod: {} }, true, true],
    ["combo-code:missing=true", { component: [{ code: CODE }] }, false, true],
    ["combo-value-quantity:missing=false", { component: [PAIR] }, true, true],
    ["combo-value-quantity:missing=false", { code: CODE }, false, false],
    ["code-value-quantity:missing=false", PAIR, true, true],
    ["code-value-quantity:missing=false", { code: CODE }, false, false],
    ["code-value-quantity:missing=true", { code: CODE }, true, true],
    ["code-value-quantity:missing=true", PAIR, false, false],
    [
      "component-code-value-quantity:missing=true",
      { component: [{ code: CODE }, { valueQuantity: { value: 1 } }] },
      true,
      true,
    ],
    ["component-code-value-quantity:missing=false", { component: [PAIR] }, true, true],
    ["combo-code-value-quantity:missing=true", { component: [PAIR] }, false, true],
  ];
  it.each(rows)("Observation?%s of %j: %s", (query, elements, match, found) => {
    expect(judge("Observation", elements, query)).toEqual({ match, found });
  });

  it.each(["true", "false"])("address:missing=%s is asked of no part under version 1", (answer) => {
    const { evaluated } = compiled(`Patient?address:missing=${answer}`, FIRST);
    expect(evaluated).toEqual([]);
  });

  it("has one keyword of each record for what is rare, and none for what is usual", () => {
    const resource = { resourceType: "Observation", id: "a", ...PAIR, status: "final" };
    const derived = deriveIndex(resource, { path: [], policy: BALANCED });
    assert(derived.ok, "it has an index");
    const said = derived.value.entries.flatMap((entry) =>
      entry.kind === "tag" && entry.attribute.endsWith(":missing")
        ? [`${entry.attribute.split("/")[2]}=${entry.keyword}`]
        : [],
    );
    expect(said.toSorted()).toEqual([
      "category:missing=true",
      "date:missing=true",
      "encounter:missing=true",
      "patient:missing=true",
      "subject:missing=true",
      "value-quantity:missing=false",
    ]);
  });
});

describe("numbers", () => {
  const probability = { prediction: [{ probabilityDecimal: 0.8 }] };
  const range = {
    prediction: [{ probabilityRange: { low: { value: 0.1 }, high: { value: 0.3 } } }],
  };
  const rows: readonly Row[] = [
    ["probability=0.8", probability, true, true],
    ["probability=0.80", probability, true, true],
    ["probability=0.7", probability, false, false],
    ["probability=gt0.7", probability, true, true],
    ["probability=gt0.8", probability, false, true],
    ["probability=ge0.8", probability, true, true],
    ["probability=lt0.9", probability, true, true],
    ["probability=ne0.8", probability, false, true],
    ["probability=sa0.7", probability, true, true],
    ["probability=eb0.81", probability, true, true],
    ["probability=ap0.85", probability, true, true],
    ["probability=0.2", range, false, false],
    ["probability=gt0.2", range, true, true],
    ["probability=sa0.2", range, false, true],
    ["probability=lt0.2", range, true, true],
    ["probability=ap0.2", range, true, true],
    ["probability:missing=false", range, true, true],
  ];
  it.each(rows)("RiskAssessment?%s of %j: %s", (query, elements, match, found) => {
    expect(judge("RiskAssessment", elements, query)).toEqual({ match, found });
  });

  it("have no unit", () => {
    const search = compileSearch("RiskAssessment?probability=1||mg", { policy: BALANCED, now: 0 });
    expect(search).toMatchObject({ error: { kind: "bad-number" } });
  });
});

describe("addresses and places", () => {
  const url = { url: "http://acme.org/fhir/Questionnaire/phq" };
  const rows: readonly Row[] = [
    ["url:below=http://acme.org/fhir", url, true, true],
    ["url:below=http://acme.org/fhir/", url, true, true],
    ["url:below=http://acme.org/fh", url, false, true],
    ["url:below=http://acme.org/fhir/Questionnaire/phq", url, true, true],
    ["url:above=http://acme.org/fhir/Questionnaire/phq/_history/2", url, true, true],
    ["url:above=http://acme.org/fhir/Questionnaire/phq", url, true, true],
    ["url:above=http://acme.org/fhir/Questionnaire", url, false, false],
    ["url=http://acme.org/fhir/Questionnaire/phq", url, true, true],
    ["url=http://acme.org/fhir/Questionnaire", url, false, false],
    ["_source=http://acme.org", { meta: { source: "http://acme.org" } }, true, true],
    ["_source=http://acme.org", { meta: { source: "http://other.org" } }, false, false],
  ];
  it.each(rows)("Questionnaire?%s of %j: %s", (query, elements, match, found) => {
    expect(judge("Questionnaire", elements, query)).toEqual({ match, found });
  });

  it.each([":above", ":below"])("nothing is %s an object identifier", (modifier) => {
    const text = `Questionnaire?url${modifier}=urn:oid:1.2.3`;
    const search = compileSearch(text, { policy: BALANCED, now: 0 });
    expect(search).toMatchObject({ error: { kind: "bad-value" } });
  });

  // Paris, about 394 km from Strasbourg.
  const position = { position: { latitude: 48.8566, longitude: 2.3522 } };
  const places: readonly Row[] = [
    ["near=48.5734|7.7521|400|km", position, true, true],
    ["near=48.5734|7.7521|380|km", position, false, true],
    ["near=48.5734|7.7521|400", position, true, true],
    ["near=48.5734|7.7521|400000|m", position, true, true],
    ["near=48.5734|7.7521|240|mi", position, false, true],
    ["near=48.5734|7.7521|250|[mi_i]", position, true, true],
    ["near=48.9|2.4", position, true, true],
    ["near=48.5734|7.7521", position, false, true],
    ["near=48.5734|7.7521|400|km", {}, false, true],
    ["near:missing=true", {}, true, true],
  ];
  it.each(places)("Location?%s of %j: %s", (query, elements, match, found) => {
    expect(judge("Location", elements, query)).toEqual({ match, found });
  });

  it.each(["91|0", "here", "1|2|3|kg", "1|2|-3|km", "1|2|3|km|4"])("near=%s is refused", (text) => {
    expect(compileSearch(`Location?near=${text}`, { policy: BALANCED, now: 0 }).ok).toBe(false);
  });
});

describe("what is told of a search", () => {
  it("says which parameters the cloud answers", () => {
    const search = compiled(
      "Observation?code=1&status:not=final&date=ne2013&value-quantity=gt1&value-string:contains=x" +
        "&subject:identifier=7&focus:missing=false&_id=a&_count=3",
    );
    expect(search.asked).toEqual([
      "code",
      "status:not",
      "date",
      "value-quantity",
      "value-string:contains",
      "subject:identifier",
      "focus:missing",
      "_id",
    ]);
    // That a code and a value are asked as one makes both of them asked.
    expect(search.evaluated).toEqual(["code", "value-quantity", "focus:missing", "_id"]);
  });

  it("describes a parameter as R4 does, with what may be asked of it", () => {
    const all = describedParametersOf("Observation");
    expect(all.find(({ name }) => name === "subject")).toEqual({
      name: "subject",
      type: "reference",
      targets: ["Device", "Group", "Location", "Patient"],
      documentation: "The subject that the observation is about",
      expression: "Observation.subject",
      evaluated: "index",
      modifiers: ["missing", "identifier", "type"],
      comparators: [],
    });
    expect(all.find(({ name }) => name === "date")?.comparators).toHaveLength(9);
    expect(all[0]).toMatchObject({ name: "_id", type: "token", evaluated: "index" });
    const places = describedParametersOf("Location");
    expect(places.find(({ name }) => name === "near")?.evaluated).toBe("opened");
    expect(searchParameterOf("Observation", "patient")?.targets).toEqual(["Patient"]);
    expect(searchParameterOf("Observation", "colour")).toBeUndefined();
  });

  it("of-type is for what identifies", () => {
    const modifiers = (type: string, name: string): readonly string[] =>
      describedParametersOf(type).find((each) => each.name === name)?.modifiers ?? [];
    expect(modifiers("Specimen", "accession")).toContain("of-type");
    expect(modifiers("DocumentReference", "identifier")).toContain("of-type");
    expect(modifiers("Observation", "code")).not.toContain("of-type");
    const accessionIdentifier = { value: "7", type: { coding: [{ system: "t", code: "ACSN" }] } };
    expect(judge("Specimen", { accessionIdentifier }, "accession:of-type=t|ACSN|7").match).toBe(
      true,
    );
  });

  it("follows references, those of documents too", () => {
    const entry = [{ resource: { resourceType: "Composition", id: "c" } }];
    const bundle = { resourceType: "Bundle", id: "b", entry };
    expect(referencesOf("Bundle", "composition")(bundle)).toEqual([
      { type: "Composition", id: "c" },
    ]);
    expect(referencesOf("Bundle", "message")(bundle)).toEqual([]);
  });

  it("knows what belongs to a patient", () => {
    expect(compartmentParameters("Observation")).toEqual(["subject", "performer"]);
    expect(compartmentParameters("Organization")).toEqual([]);
  });
});
