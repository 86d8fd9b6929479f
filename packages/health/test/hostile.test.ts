import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { canonicalUnit } from "../src/canonical/unit.ts";
import { BALANCED, compileSearch, deriveIndex, sourceClause } from "../src/index.ts";
import { RESOURCE_TYPES, resourceTypeOf } from "../src/policy/types.ts";
import { UCUM } from "../src/systems.ts";

// Goal: whatever comes in, nothing throws, nothing hangs, nothing is printed, and no error repeats a
// value. Method: random JSON under the element names that the policy reads, and random searches made
// of the marks that searches are made of.

const SECRET = "s3cr3t-canary";

/** JSON in which any element may be anything, and any text may be the canary. */
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, false, 0, -0, 1e308, -5.5, "", SECRET, "2015-02-07"),
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(
        ..."coding code system value unit display text reference start end event repeat comparator low high identifier type family given line id url __proto__ constructor".split(
          " ",
        ),
      ),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
})).value;

const resource = fc
  .constantFrom(...RESOURCE_TYPES.map(({ type }) => type))
  .chain((type) => {
    const keys = [...(resourceTypeOf(type)?.parameters.values() ?? [])].flatMap(({ paths }) =>
      paths.map(({ steps }) => steps[0]?.key ?? "code"),
    );
    return fc.record({
      resourceType: fc.constant(type),
      id: fc.constantFrom("a", "b.c-d"),
      elements: fc.dictionary(fc.constantFrom(...keys), json, { maxKeys: 5 }),
    });
  })
  .map(({ elements, ...head }) => ({ ...elements, ...head }));

const query = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."code value-quantity date subject patient _id _sort _count name status component-code-value-quantity :not :missing :text :exact = & , | $ \\ % %41 gt ge ap eq 2015 140 mm[Hg] http://unitsofmeasure.org".split(
          " ",
        ),
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));

const options = { policy: BALANCED, now: 0 };

describe("hostile input", () => {
  const { console: terminal } = globalThis;
  let printed: readonly MockInstance[] = [];
  beforeEach(() => {
    const names = ["log", "warn", "error", "info"] as const;
    printed = names.map((name) => vi.spyOn(terminal, name));
  });
  afterEach(() => {
    for (const print of printed) expect(print).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it("is derived or refused, and every code is in its domain", () => {
    fc.assert(
      fc.property(fc.oneof(resource, json), (input) => {
        const before = JSON.stringify(input);
        const result = deriveIndex(input, { path: [], policy: BALANCED });
        expect(JSON.stringify(input)).toBe(before);
        if (!result.ok) {
          expect(JSON.stringify(result.error)).not.toContain(SECRET);
          return;
        }
        for (const entry of result.value.entries) {
          if (entry.kind === "tag") {
            expect(new TextEncoder().encode(entry.keyword).length).toBeLessThanOrEqual(512);
            continue;
          }
          const [code, bits] =
            "composite" in entry
              ? [entry.composite.value, entry.composite.low]
              : [entry.code, entry.bits];
          expect(Number.isInteger(code) && code >= 1 && code <= 2 ** bits - 2).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("is searched without a throw, and whatever is derived can be matched and compared", () => {
    fc.assert(
      fc.property(query, resource, resource, (text, a, b) => {
        const result = compileSearch(`${a.resourceType}?${text}`, options);
        if (!result.ok) return;
        const { clauses, matches, compare } = result.value;
        expect(clauses.length).toBeGreaterThan(0);
        expect(typeof matches(a)).toBe("boolean");
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("never has its values repeated by an error", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "gt", "a|b|", "$", "%"), (before) => {
        for (const name of ["date", "value-quantity", "code", "code:missing", "_count", "_sort"]) {
          const result = compileSearch(`Observation?${name}=${before}${SECRET}`, options);
          if (!result.ok) expect(JSON.stringify(result.error)).not.toContain(SECRET);
        }
      }),
    );
  });

  it("matches nothing that is no resource of the type", () => {
    const search = compileSearch("Observation?code:not=1", options);
    if (!search.ok) throw new Error("it compiles");
    for (const value of [undefined, null, 5, "x", [], {}, { resourceType: "Patient" }]) {
      expect(search.value.matches(value)).toBe(false);
    }
  });

  it("reads units that are no units, quickly and silently", () => {
    const units = [
      "((((((((",
      "[".repeat(40),
      "m.".repeat(20),
      "mg / dL",
      "10*99999",
      "m999999",
      "1/0",
      "mL()",
      "{KU2[/}9999",
      "__proto__",
      "mconstructor/s",
      "toString2",
    ];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...units), fc.string({ unit: "binary" })), (code) => {
        const unit = canonicalUnit(UCUM, code);
        if (unit === undefined) return;
        expect(unit.factor).toBeGreaterThan(0);
        expect(unit.factor).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 500 },
    );
  });

  it("does not follow nesting", () => {
    let deep: unknown = "x";
    for (let count = 0; count < 50_000; count += 1) deep = [deep];
    const result = deriveIndex(
      { resourceType: "Observation", id: "a", code: deep },
      {
        path: [],
        policy: BALANCED,
      },
    );
    expect(result.ok).toBe(true);
  });
});

it("throws for a source clause of no type, which is a bug", () => {
  expect(() => sourceClause("Horse", "a")).toThrow("bug:");
});
