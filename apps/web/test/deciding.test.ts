import { CATEGORIES, SENSITIVE_CATEGORIES } from "@salus/health";
import { describe, expect, it } from "vitest";
import { shownItems, whoOf } from "../src/access-log/shown-items.ts";
import { allOf, countedOnce } from "../src/deciding/own-sources.ts";
import { careOf, dayOf, endOf, spanText } from "../src/deciding/time-left.ts";
import type { LogItem } from "../src/device/log/trail-view.ts";
import type { RequestView } from "../src/device/requests/request-view.ts";
import { asAsked, chosenOf, endsOf, isSensitive } from "../src/requests/narrowing.ts";
import { deciding } from "../src/text/en/deciding.ts";

// Goal: what a form says is what the device is asked for, never more than was asked; and what a screen
// leaves out of a log is what was to be left out.
// Method: the pure parts by themselves.

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12);

const request: RequestView = {
  ...{ id: "00", asked: NOW, answerBy: NOW + DAY, note: "", foundBy: undefined, purpose: "TREAT" },
  who: { name: "Bo", node: "bo", registrations: [], organisation: "North", above: ["North"] },
  checked: { certifiedUntil: NOW + DAY, attesters: 1, devices: 1 },
  ...{ allCategories: true, categories: CATEGORIES, unknownCategories: 0 },
  allSources: true,
  sources: [
    { source: "aa", name: { kind: "own" } },
    { source: "bb", name: { kind: "unknown", handle: "bb" } },
  ],
  ...{ otherSources: [], period: undefined, until: NOW + 30 * DAY },
};

describe("her own devices", () => {
  const sources = [
    { source: "n", name: { kind: "unknown" as const, handle: "n" } },
    { source: "phone", name: { kind: "own" as const } },
    { source: "tablet", name: { kind: "own" as const } },
  ];

  it("are one to people: named once, and given or kept together", () => {
    expect(countedOnce(sources).map(({ source }) => source)).toEqual(["n", "phone"]);
    expect(allOf(["n", "phone"], sources)).toEqual(["n", "phone", "tablet"]);
    // Unticked, the second one must not stay.
    expect(allOf(["n", "tablet"], sources)).toEqual(["n"]);
  });
});

describe("a request that is narrowed", () => {
  it("knows what is sensitive as the record does", () => {
    expect(CATEGORIES.filter(isSensitive)).toEqual(SENSITIVE_CATEGORIES);
  });

  it("leaves out what is sensitive, unless it was asked for by name", () => {
    expect(asAsked(request).categories.some(isSensitive)).toBe(false);
    const named = { ...request, allCategories: false, categories: ["genetics"] as const };
    expect(asAsked(named).categories).toEqual(["genetics"]);
  });

  it("says nothing while nothing is left, or no day is named", () => {
    const form = asAsked(request);
    expect(chosenOf({ ...form, categories: [] }, request, NOW)).toBeUndefined();
    expect(chosenOf({ ...form, sources: [] }, request, NOW)).toBeUndefined();
    expect(chosenOf({ ...form, end: "other" }, request, NOW)).toBeUndefined();
    expect(chosenOf({ ...form, end: "other", endDay: "2020-01-01" }, request, NOW)).toBeUndefined();
    expect(chosenOf({ ...form, care: "between" }, request, NOW)).toBeUndefined();
  });

  it("never lasts longer, nor covers more, than was asked", () => {
    const form = { ...asAsked(request), end: "other", endDay: "2030-01-01" } as const;
    expect(chosenOf(form, request, NOW)?.until).toBe(request.until);
    const cared = { ...request, period: { from: NOW - 10 * DAY, to: NOW } };
    const between = { ...asAsked(cared), care: "between" } as const;
    const wide = { ...between, careFrom: "2000-01-01", careTo: "2040-01-01" };
    expect(chosenOf(wide, cared, NOW)?.period).toEqual(cared.period);
    const before = { ...between, careFrom: "2000-01-01", careTo: "2000-12-31" };
    expect(chosenOf(before, cared, NOW)).toBeUndefined();
    expect(endsOf({ ...request, until: NOW + 2 * DAY }, NOW)).toEqual(["day", "asked", "other"]);
  });

  it("says the same each time that it is looked at", () => {
    const form = { ...asAsked(request), end: "week" } as const;
    expect(chosenOf(form, request, NOW)).toEqual(chosenOf(form, request, NOW));
    expect(chosenOf(form, request, NOW)?.until).toBe(NOW + 7 * DAY);
  });
});

describe("days and spans", () => {
  it("end where the day ends, and come back as the same day", () => {
    const end = endOf("2026-11-22") ?? 0;
    expect(dayOf(end)).toBe("2026-11-22");
    expect(dayOf(end + 1)).toBe("2026-11-23");
    expect(endOf("22.11.2026")).toBeUndefined();
    expect(careOf("2026-02-01", "2026-01-01")).toBeUndefined();
  });

  it.each([
    [29.99 * DAY, "30 days"],
    [47 * 3_600_000, "47 hours"],
    [30_000, "1 minute"],
  ])("%d ms is %s", (ms, text) => expect(spanText(ms, deciding)).toBe(text));
});

describe("a log that is filtered", () => {
  const item = (id: string, more: Partial<LogItem>): LogItem => ({
    ...{ id, time: NOW, did: "search", who: undefined, claims: undefined, access: undefined },
    ...{ query: "", got: 0, findings: [] },
    ...more,
  });
  const items = [
    item("1", { did: "granted", who: { kind: "called", name: "Kim" }, access: "a" }),
    item("2", { did: "read", who: { kind: "called", name: "Kim" }, access: "a" }),
    item("3", { findings: ["not-signed"] }),
  ];
  const all = { group: "all", who: undefined, access: undefined, onlyFindings: false } as const;
  const shown = (filter: Partial<Parameters<typeof shownItems>[1]>): readonly string[] =>
    shownItems(items, { ...all, ...filter }).map(({ id }) => id);

  it("shows what was asked for, and all of it", () => {
    expect(shown({})).toEqual(["1", "2", "3"]);
    expect(shown({ group: "deciding" })).toEqual(["1"]);
    expect(shown({ group: "reading" })).toEqual(["2", "3"]);
    expect(shown({ access: "a" })).toEqual(["1", "2"]);
    expect(shown({ onlyFindings: true })).toEqual(["3"]);
    expect(shown({ who: whoOf(item("", { who: { kind: "called", name: "Kim" } })) })).toEqual([
      "1",
      "2",
    ]);
    expect(shown({ who: "" })).toEqual(["3"]);
  });
});
