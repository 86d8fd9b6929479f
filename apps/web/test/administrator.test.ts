import type { Provider } from "@salus/client";
import { Survey } from "@salus/client/writer";
import { describe, expect, it } from "vitest";
import { needsOf } from "../src/administrator/needs.ts";
import { refusalsAsCsv } from "../src/administrator/refusals-csv.ts";
import type { NodeView } from "../src/device/organisation/tree.ts";
import { Authors } from "../src/device/organisation/uploads/authorship.ts";

// Goal: a record goes where it says that it was made and nowhere else; an administrator is told what
// needs her, and what is saved of an upload is harmless in another program.
// Method: the pure parts, by hand.

/** A provider as far as authorship looks at one. */
function provider(role: Provider["role"], path: readonly string[], token?: string): Provider {
  const [node = "", parent = ""] = [...path].reverse();
  const identifiers = token === undefined ? [] : [token];
  return { role, node, parent, path, identifiers, name: node } as unknown as Provider;
}

const OWN = provider("organisation", ["clinic"], "urn:reg|1");
const BELOW = [
  OWN,
  provider("department", ["clinic", "wards"]),
  provider("physician", ["clinic", "wards", "dr-a"], "urn:npi|7"),
];

function authors(alias = ""): { readonly survey: Survey; readonly authors: Authors } {
  const survey = new Survey();
  return { survey, authors: new Authors(survey, OWN, BELOW, alias) };
}

const observation = (elements: object) => ({
  ...{ resourceType: "Observation", id: "o", subject: { reference: "Patient/1" } },
  ...elements,
});
const by = (reference: string) => observation({ performer: [{ reference }] });

describe("who made a record", () => {
  it.each([
    ["the organisation by its number", by("Organization/clinic"), []],
    ["the organisation by its registration", by("Organization?identifier=urn:reg|1"), []],
    ["a department", by("Organization/wards"), ["wards"]],
    ["a physician, who stands in a department", by("Practitioner/dr-a"), ["wards", "dr-a"]],
    ["a physician by her registration", by("Practitioner?identifier=urn:npi|7"), ["wards", "dr-a"]],
    ["nobody that it names", observation({}), []],
  ])("is %s", (_, resource, path) => {
    const found = authors().authors.of(resource, "Patient/1");
    expect(found).toMatchObject({ kind: "here", path });
  });

  it("is another organisation, whose record it then is not", () => {
    const found = authors().authors.of(by("Organization/other"), "Patient/1");
    expect(found).toEqual({ kind: "other-organisation" });
  });

  it("is the organisation under the name that its files have for it", () => {
    const { authors: known } = authors("Organization/other");
    expect(known.of(by("Organization/other"), "Patient/1")).toMatchObject({ kind: "here" });
  });

  it("is the organisation whose resource has its registration", () => {
    const { authors: known, survey } = authors();
    const identifier = [{ system: "urn:reg", value: "1" }];
    survey.care.add({ resourceType: "Organization", id: "99", identifier });
    expect(known.of(by("Organization/99"), "Patient/1")).toMatchObject({ kind: "here" });
  });
});

const NOW = 1_700_000_000_000;

function node(changes: Partial<NodeView>): NodeView {
  return {
    ...{ node: "n", name: "N", role: "physician", parent: "clinic", depth: 1, kept: false },
    ...{ stands: "good", until: NOW + 1e11, attestedUntil: NOW + 1e8, devices: 0 },
    ...changes,
  };
}

function kinds(...nodes: readonly NodeView[]): readonly string[] {
  const tree = { node: "clinic", name: "Clinic", identifiers: [], nodes };
  return needsOf([tree], [], [], NOW).map(({ kind }) => kind);
}

describe("what needs an administrator", () => {
  it("is nothing while everybody is certified and vouched for", () => {
    expect(kinds(node({}), node({ role: "department", attestedUntil: undefined }))).toEqual([]);
  });

  it("is each key that is not as it should be, the most urgent first", () => {
    const soon = node({ until: NOW + 86_400_000 });
    const unattested = node({ attestedUntil: undefined });
    const suspended = node({ stands: "suspended", attestedUntil: undefined });
    const uncertified = node({ stands: "uncertified", until: undefined });
    expect(kinds(soon, unattested, suspended, uncertified)).toEqual([
      ...["uncertified", "suspended", "ends", "unattested"],
    ]);
  });

  it("is nobody who has left", () => {
    expect(kinds(node({ stands: "left", until: NOW, attestedUntil: undefined }))).toEqual([]);
  });
});

describe("a list that is saved", () => {
  it("keeps commas, quotes and lines in their cells, and runs nowhere", () => {
    const csv = refusalsAsCsv([
      { file: '=cmd|"x",1', line: 2, entry: 3, why: "bad-id", type: "Observation" },
      { file: "two\nlines", line: 1, why: "not-json" },
    ]);
    const [head, ...rest] = csv.split("\r\n");
    expect(head).toBe("file,line,entry,type,id,why,element,patient");
    expect(rest).toEqual([
      `"'=cmd|""x"",1",2,3,Observation,,bad-id,,`,
      '"two\nlines",1,,,,not-json,,',
      "",
    ]);
  });
});
