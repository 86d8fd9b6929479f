import { assert } from "@salus/base";
import { describe, expect, it } from "vitest";
import {
  BALANCED,
  type CompiledSearch,
  compileSearch,
  SEALED_ONLY,
  type SearchError,
  sourceClause,
} from "../src/index.ts";

// Goal: a search is refused for exactly the written reasons, shapes its answer as asked, and sorts
// as R4 says. Method: one fault a search; orders of small lists.

const options = { policy: BALANCED, now: 0 };

function compiled(text: string): CompiledSearch {
  const search = compileSearch(text, options);
  assert(search.ok, `${text} compiles`);
  return search.value;
}

describe("refusals", () => {
  const faults: readonly (readonly [text: string, error: SearchError])[] = [
    ["Horse?name=x", { kind: "unknown-type", type: "Horse" }],
    ["Encounter/1/Observation", { kind: "unknown-type", type: "Encounter" }],
    ["Observation?colour=red", { kind: "unknown-parameter", parameter: "colour" }],
    ["Observation?colour:exact=red", { kind: "unknown-parameter", parameter: "colour:exact" }],
    ["Observation?subject.name=x", { kind: "unsupported-chain", parameter: "subject.name" }],
    [
      "Patient?_has:Observation:patient:code=1",
      { kind: "unsupported-chain", parameter: "_has:Observation:patient:code" },
    ],
    ["Observation?_include=*", { kind: "unsupported-parameter", parameter: "_include" }],
    ["Observation?_text=x", { kind: "unsupported-parameter", parameter: "_text" }],
    ["Observation?_summary=text", { kind: "unsupported-parameter", parameter: "_summary" }],
    [
      "Observation?code:below=1",
      { kind: "unsupported-modifier", parameter: "code:below", modifier: "below" },
    ],
    [
      "Observation?date:exact=2013",
      { kind: "unsupported-modifier", parameter: "date:exact", modifier: "exact" },
    ],
    [
      "Observation?_id:text=1",
      { kind: "unsupported-modifier", parameter: "_id:text", modifier: "text" },
    ],
    ["Observation?subject:Group=Patient/1", { kind: "bad-value", parameter: "subject:Group" }],
    ["Observation?date=yesterday", { kind: "bad-date", parameter: "date" }],
    ["Observation?date=2013-02-30", { kind: "bad-date", parameter: "date" }],
    ["Observation?date=xx2013", { kind: "bad-date", parameter: "date" }],
    ["Observation?value-quantity=tall", { kind: "bad-number", parameter: "value-quantity" }],
    ["Observation?value-quantity=1|2", { kind: "bad-number", parameter: "value-quantity" }],
    ["Observation?value-quantity=1e999", { kind: "bad-number", parameter: "value-quantity" }],
    ["Observation?value-quantity=1|x|", { kind: "bad-unit", parameter: "value-quantity" }],
    ["Observation?code=a|b|c", { kind: "bad-token", parameter: "code" }],
    ["Observation?code=|", { kind: "empty-value", parameter: "code" }],
    ["Observation?code=", { kind: "empty-value", parameter: "code" }],
    ["Observation?code", { kind: "empty-value", parameter: "code" }],
    ["Observation?code=a,,b", { kind: "empty-value", parameter: "code" }],
    [
      "Observation?code-value-quantity=1",
      { kind: "bad-composite", parameter: "code-value-quantity" },
    ],
    [
      "Observation?code-value-quantity=1$2$3",
      { kind: "bad-composite", parameter: "code-value-quantity" },
    ],
    [
      "Observation?code-value-quantity=1$x",
      { kind: "bad-number", parameter: "code-value-quantity" },
    ],
    ["Observation?code:missing=maybe", { kind: "bad-value", parameter: "code:missing" }],
    ["Observation?_count=-1", { kind: "bad-value", parameter: "_count" }],
    ["Observation?_total=some", { kind: "bad-value", parameter: "_total" }],
    ["Observation?_sort=colour", { kind: "unknown-parameter", parameter: "_sort" }],
    ["Observation?code=%", { kind: "bad-encoding" }],
    ["Observation?code=%FF", { kind: "bad-encoding" }],
    [`Observation?code=${"1,".repeat(200)}1`, { kind: "too-complex", parameter: "code" }],
    [`Observation?${"code=1&".repeat(30)}`, { kind: "too-complex", parameter: "" }],
  ];
  it.each(faults)("%s", (text, error) => {
    expect(compileSearch(text, options)).toEqual({ ok: false, error });
  });

  it("drops and names what it does not know, when lenient", () => {
    const search = compileSearch("Observation?colour=red&code=1&_include=x&a.b=c", {
      ...options,
      lenient: true,
    });
    assert(search.ok, "a lenient search compiles");
    expect(search.value.dropped).toEqual(["colour", "_include", "a.b"]);
    expect(search.value.applied).toBe("Observation?code=1");
    // What is understood and wrong is refused all the same.
    const wrong = compileSearch("Observation?date=red", { ...options, lenient: true });
    expect(wrong).toMatchObject({ ok: false, error: { kind: "bad-date" } });
  });

  it("has a union that a switch can exhaust", () => {
    const explain = (error: SearchError): string => {
      switch (error.kind) {
        case "unknown-type":
          return error.type;
        case "unsupported-modifier":
          return error.modifier;
        case "unknown-parameter":
        case "unsupported-parameter":
        case "unsupported-chain":
        case "bad-date":
        case "bad-number":
        case "bad-unit":
        case "bad-token":
        case "bad-composite":
        case "bad-value":
        case "empty-value":
        case "too-complex":
          return error.parameter;
        case "bad-encoding":
          return "";
      }
    };
    expect(explain({ kind: "bad-date", parameter: "date" })).toBe("date");
  });
});

describe("the shape of the answer", () => {
  it("reads _count, _total and _summary", () => {
    expect(compiled("Observation?_count=20")).toMatchObject({ count: 20, total: false });
    expect(compiled("Observation?_count=0")).toMatchObject({ count: 0, total: true });
    expect(compiled("Observation?_summary=count")).toMatchObject({ count: 0, total: true });
    expect(compiled("Observation?_total=accurate")).toMatchObject({ total: true });
    expect(compiled("Observation?_format=json")).not.toHaveProperty("count");
  });

  it("asks for the type where the index can answer nothing", () => {
    for (const query of ["", "?code:not=1", "?date=ne2013", "?value-string:contains=x"]) {
      const { clauses } = compiled(`Observation${query}`);
      expect(clauses).toHaveLength(1);
      expect(clauses[0]?.any[0]).toEqual({
        kind: "tag",
        category: "laboratory",
        attribute: "laboratory/Observation/_type",
        keyword: "Observation",
      });
    }
  });

  it("asks every category that the type can have, sensitive ones without an order", () => {
    const kinds = (policy: typeof BALANCED): object => {
      const search = compileSearch("Condition?onset-date=ge2015", { policy, now: 0 });
      assert(search.ok, "it compiles");
      const all = search.value.clauses[0]?.any ?? [];
      return Object.fromEntries(all.map(({ category, kind }) => [category, kind]));
    };
    const sealed = {
      "mental-health": "sealed",
      "sexual-health": "sealed",
      genetics: "sealed",
      "substance-use": "sealed",
    };
    expect(kinds(BALANCED)).toEqual({ conditions: "ordered", ...sealed });
    expect(kinds(SEALED_ONLY)).toEqual({ conditions: "sealed", ...sealed });
  });

  it("keeps a search to one subtree", () => {
    expect(sourceClause("Immunization", "north").any).toContainEqual({
      kind: "tag",
      category: "immunizations",
      attribute: "immunizations/Immunization/_path",
      keyword: "north",
    });
  });

  it("says what it applied in one way", () => {
    const applied = "Observation?code=http://loinc.org|8480-6&date=ge2015-01-01&_sort=-date";
    expect(compiled(applied).applied).toBe(applied);
    expect(compiled("Patient?name=%C3%85sa+Q%26A").applied).toBe("Patient?name=%C3%85sa%20Q%26A");
  });
});

describe("sorting", () => {
  const encounter = (id: string, start?: string, end?: string, status = "finished"): object => ({
    resourceType: "Encounter",
    id,
    status,
    ...(start === undefined ? {} : { period: { start, end } }),
  });
  const list = [
    encounter("c", "2015-01-01", "2015-01-02"),
    encounter("a", "2014-01-01", "2019-01-01", "planned"),
    encounter("d"),
    encounter("b", "2015-01-01", "2015-01-02", "planned"),
  ];
  const orders: readonly (readonly [sort: string, ids: string])[] = [
    ["date", "abcd"],
    ["-date", "bcad"],
    ["_id", "abcd"],
    ["-_id", "dcba"],
    ["status,date", "cdab"],
    ["-status,-date", "bacd"],
    ["length", "abcd"],
  ];
  it.each(orders)("_sort=%s gives %s", (sort, ids) => {
    const { compare } = compiled(`Encounter?_sort=${sort}`);
    const sorted = list.toSorted(compare) as readonly { readonly id: string }[];
    expect(sorted.map(({ id }) => id).join("")).toBe(ids);
  });

  it("names ordered columns of ordinary categories, and none under sealed-only", () => {
    const [key] = compiled("Condition?_sort=-onset-date,code").sort;
    expect(key).toEqual({
      parameter: "onset-date",
      direction: "descending",
      columns: [
        {
          kind: "ordered",
          category: "conditions",
          attribute: "conditions/Condition/onset-date/low",
          bits: 16,
        },
      ],
    });
    expect(compiled("Condition?_sort=-onset-date,code").sort[1]?.columns).toEqual([]);
    const sealed = compileSearch("Condition?_sort=onset-date", { policy: SEALED_ONLY, now: 0 });
    expect(sealed).toMatchObject({ value: { sort: [{ columns: [] }] } });
  });
});
