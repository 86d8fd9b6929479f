import { ok } from "@salus/base";
import { type Match, memoryKeyStore, type Registry } from "@salus/client";
import { BALANCED, compileSearch, describe as described } from "@salus/health";
import { RecordHandle, SourceHandle } from "@salus/protocol";
import { must } from "@salus/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { described as shown } from "../src/device/described.ts";
import { annotationOn } from "../src/device/record/annotation.ts";
import { CHAPTERS, searchOf, TIMELINE } from "../src/device/record/chapters.ts";
import { Feed } from "../src/device/record/feed.ts";
import { describedLine, timeOf } from "../src/device/record/lines.ts";
import { MEASURES, type MeasureName, observationOf } from "../src/device/record/measures.ts";
import { measurementOf } from "../src/device/record/own.ts";
import { type Chip, readQuestion, SHAPES, writeQuestion } from "../src/device/record/question.ts";
import { rememberSeen } from "../src/device/record/seen.ts";
import { enter } from "../src/device/record/series.ts";
import type { ListView } from "../src/device/record/views.ts";
import { typedCode } from "../src/search/typed-code.ts";
import { plainName } from "../src/text/plain-name.ts";

// Goal: what the worker makes of a record for its screens says what the record says, in every way it can
// be asked, and nothing that a source writes makes it fail. Method: the pure parts, by themselves.

const NOW = Date.parse("2026-05-01T12:00:00Z");
const registry = { byNode: () => undefined, byKey: () => undefined } as unknown as Registry;
let count = 0;

function matchOf(resource: object, how: "stated" | "patient" = "stated"): Match {
  count += 1;
  const bytes = new Uint8Array(16).fill(count % 256);
  const source = SourceHandle.of(new Uint8Array(16).fill(1));
  const record = RecordHandle.of(bytes);
  const origin = { source, name: "North", path: ["org-1"], assigned: how };
  return { record, revision: 1, origin, resource } as unknown as Match;
}

describe("a question", () => {
  it("says the same as chips and as text", () => {
    const text =
      "Observation?combo-code-value-quantity=http://loinc.org|8480-6$ge140|http://unitsofmeasure.org|mm[Hg]&category=vital-signs&date=ge2020-01-01&date=le2024-12-31&status=final&_sort=-date";
    const question = must(readQuestion(text, NOW));
    expect(question.chips.map(({ kind }) => kind)).toEqual([
      ...["code", "least", "category", "from", "to", "other", "other"],
    ]);
    const written = must(writeQuestion(question, NOW));
    expect(must(readQuestion(written, NOW))).toEqual(question);
    const [one, other] = [text, written].map((each) =>
      must(compileSearch(each, { policy: BALANCED, now: NOW })),
    );
    expect(other?.applied).toBe(one?.applied);
  });

  it("keeps every chip that somebody makes", () => {
    const day = fc.constantFrom("2019-02-28", "2026-01-01");
    const number = fc.constantFrom("0.5", "140", "-3");
    const chip: fc.Arbitrary<Chip> = fc.oneof(
      fc.record({
        kind: fc.constant("code" as const),
        tokens: fc.constantFrom("a|b", "x", "a|b,c|d"),
      }),
      fc.record({
        kind: fc.constant("words" as const),
        text: fc.constantFrom("fat", "a,b|$\\\\c"),
      }),
      fc.record({ kind: fc.constantFrom("from" as const, "to" as const), day }),
      fc.record({
        kind: fc.constantFrom("least" as const, "most" as const),
        number,
        unit: fc.constantFrom("", "mg/dL", "Cel"),
      }),
    );
    fc.assert(
      fc.property(fc.array(chip, { maxLength: 6 }), (chips) => {
        const question = { type: "Observation", chips };
        const read = must(readQuestion(must(writeQuestion(question, NOW)), NOW));
        const sorted = (some: readonly Chip[]) => some.map((one) => JSON.stringify(one)).toSorted();
        expect(sorted(read.chips)).toEqual(sorted(chips));
        expect(writeQuestion(read, NOW)).toEqual(writeQuestion(question, NOW));
      }),
    );
  });

  it("that no search can mean is refused, with the parameter", () => {
    expect(readQuestion("Observation?shoe=7", NOW)).toMatchObject({
      error: { kind: "unknown-parameter", parameter: "shoe" },
    });
    expect(readQuestion("Horse", NOW)).toMatchObject({ error: { kind: "unknown-type" } });
  });
});

describe("what is typed to be searched for", () => {
  const known = [
    { system: "loinc", code: "2085-9", title: "HDL cholesterol" },
    { system: "loinc", code: "2093-3", title: "Cholesterol, total" },
    { system: "own", code: "chol", title: "Cholesterol, total" },
  ];

  it.each([
    ["8480-6", { kind: "code", tokens: "8480-6" }],
    ["http://loinc.org|x", { kind: "code", tokens: "http://loinc.org|x" }],
    [" cholesterol, TOTAL", { kind: "code", tokens: "loinc|2093-3,own|chol" }],
    ["cholesterol", { kind: "code", tokens: "loinc|2085-9,loinc|2093-3,own|chol" }],
    ["sodium", { kind: "words", text: "sodium" }],
    ["vitamin B12", { kind: "words", text: "vitamin B12" }],
    ["  ", undefined],
  ])("%j is asked for", (text, chip) => {
    expect(typedCode(text, known)).toEqual(chip);
  });

  it("by the name that people have for it", () => {
    const named = {
      system: "http://loinc.org",
      code: "2093-3",
      title: "Cholesterol [Mass/volume]",
    };
    expect(plainName(named, { "2093-3": "Cholesterol, total" })).toBe("Cholesterol, total");
    expect(plainName({ ...named, system: "own" }, { "2093-3": "?" })).toBe(named.title);
  });
});

it("every search of every chapter, of the timeline and of the chips can be asked", () => {
  const days = { from: "2020-01-01", to: "2020-12-31" };
  const parts = [...Object.values(CHAPTERS).flat(), ...TIMELINE];
  const texts = parts.flatMap((part) => [searchOf(part), searchOf(part, days)]);
  const ofChips = Object.entries(SHAPES).map(
    ([type, { code, date }]) => `${type}?${code}=a&${code}:text=a&${date}=ge2020`,
  );
  for (const text of [...texts, ...ofChips]) {
    expect(compileSearch(text, { policy: BALANCED, now: NOW }).ok, text).toBe(true);
  }
});

it("several searches are one list, the newest first, as far as it is read", async () => {
  const given: string[] = [];
  const answerOf = (...dates: readonly string[]) => {
    async function* matches() {
      for (const date of dates) {
        given.push(date);
        yield matchOf({ resourceType: "Observation", effectiveDateTime: date });
      }
    }
    const all = matches();
    return { [Symbol.asyncIterator]: () => all, report: () => ({}) as never };
  };
  const feed = new Feed<string>(
    [
      { query: "a", answer: answerOf("2024-05-01", "2020-01-01", "2010-01-01") },
      { query: "b", answer: answerOf("2023-01-01", "2022-01-01") },
    ],
    { timeOf, itemOf: ({ resource }) => String(resource.effectiveDateTime) },
  );
  expect(await feed.slice(0, 2)).toEqual(["2024-05-01", "2023-01-01"]);
  expect(given).not.toContain("2010-01-01");
  expect(feed.total).toBeUndefined();
  const both = await Promise.all([feed.slice(2, 4), feed.slice(0, 9)]);
  expect(both[0]).toEqual(["2022-01-01", "2020-01-01"]);
  expect(both[1].length).toBe(5);
  expect(feed.total).toBe(5);
});

describe("a measurement", () => {
  const now = Date.now();
  const time = "2026-04-01T08:00:00+05:30";

  it.each(Object.keys(MEASURES) as MeasureName[])("of %s can be read as it was typed", (name) => {
    for (const { unit, least, most } of MEASURES[name].units) {
      const middle = (least + most) / 2;
      const values = name === "pressure" ? [middle, middle / 2] : [middle];
      const entry = { name, values, unit, time, note: "at home" };
      const made = must(observationOf(entry, { id: "1", self: "Patient/self", now }));
      expect(measurementOf(made)).toEqual(entry);
      expect(made.performer).toEqual([{ reference: "Patient/self" }]);
    }
  });

  it("that nobody can have is refused, with the field", () => {
    const entry = { name: "weight", values: [7000], unit: "kg", time, note: "" } as const;
    const ids = { id: "1", self: "Patient/self", now };
    expect(observationOf(entry, ids)).toMatchObject({
      error: { kind: "bad-input", what: "value" },
    });
    const late = { ...entry, values: [70], time: "2999-01-01T00:00:00Z" };
    expect(observationOf(late, ids)).toMatchObject({ error: { what: "time" } });
    const upside = { ...entry, name: "pressure", values: [80, 120], unit: "mm[Hg]" } as const;
    expect(observationOf(upside, ids)).toMatchObject({ error: { what: "order" } });
    const slip = { ...upside, values: [120, 8] };
    expect(observationOf(slip, ids)).toMatchObject({ error: { what: "second" } });
  });
});

it("a remark on something sensitive is sensitive too", () => {
  const hiv = { system: "http://snomed.info/sct", code: "86406008", display: "HIV infection" };
  const match = matchOf({ resourceType: "Condition", id: "c", code: { coding: [hiv] } });
  const remark = annotationOn(match, "Not so", {
    id: "n",
    self: "Patient/self",
    now: "2026-01-01",
  });
  expect(JSON.stringify(remark.reasonCode)).toContain("86406008");
});

it("what sources write turns nothing that stands beside it", () => {
  const text = "Anaemia\u202e\u0007 of\u2066 old";
  const match = matchOf({ resourceType: "Condition", code: { text }, note: [{ text }] });
  const said = shown(match.resource);
  const marks = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  expect(
    [said.title, ...said.details.map((one) => one.text)].filter((one) => marks.test(one)),
  ).toEqual([]);
  expect(said.title).toContain("Anaemia");
});

it("what sources write makes no line and no chart fail", () => {
  const names =
    "code category status effectiveDateTime valueQuantity component referenceRange".split(" ");
  const element = fc.oneof(
    fc.jsonValue(),
    fc.constant("\u202e<script>"),
    fc.constant("9".repeat(9000)),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), element), (json) => {
      const match = matchOf({ resourceType: "Observation", ...json });
      const line = describedLine(match, described(match.resource), registry);
      expect(JSON.stringify(structuredClone(line)).length).toBeLessThan(30_000);
      enter(new Map(), match, new Set(), registry);
    }),
  );
});

describe("without the network", () => {
  it("a screen shows what it showed last, and says when", async () => {
    const cut = async () => ({ ok: false, error: { kind: "unreachable" } }) as const;
    const open = { store: memoryKeyStore(), registry: cut } as never;
    const view: ListView = {
      coverage: { sources: [], problem: undefined, leftOut: 0 },
      asked: { queries: [], after: 0, until: 0 },
      seen: undefined,
      lines: [],
      start: 0,
      total: 0,
    };
    expect((await rememberSeen(open, "home", cut)).ok).toBe(false);
    must(await rememberSeen(open, "home", async () => ok(view)));
    const seen = must(await rememberSeen<ListView>(open, "home", cut));
    expect(seen.seen).toBeGreaterThan(0);
    expect({ ...seen, seen: undefined }).toEqual(view);
    // Whoever is refused is told so, and sees nothing old.
    const refused = async () => ({ ok: false, error: { kind: "unreadable" } }) as const;
    expect((await rememberSeen(open, "home", refused)).ok).toBe(false);
  });

  it("keeps only some screens, and no large one", async () => {
    const store = memoryKeyStore();
    const cut = async () => ({ ok: false, error: { kind: "unreachable" } }) as const;
    const open = { store, registry: cut } as never;
    const big = { lines: "x".repeat(700_000) };
    const coverage = { sources: [], problem: undefined, leftOut: 0 };
    for (let n = 0; n < 30; n += 1) {
      const view = { coverage, seen: undefined, asked: {}, n } as never;
      must(await rememberSeen(open, `screen-${n}`, async () => ok(view)));
    }
    must(await rememberSeen(open, "big", async () => ok({ coverage, ...big } as never)));
    // Nobody waits for what is kept, but who asks for it.
    await rememberSeen(open, "other", cut);
    expect((await store.list("web/seen/")).length).toBe(24);
    expect(await store.read("web/seen/big")).toEqual(ok(undefined));
  });
});
