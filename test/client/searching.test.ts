import { equalBytes } from "@salus/base";
import { type Cloud, type Exchange, httpCloud, type Match, type Resource } from "@salus/client";
import { BALANCED, compileSearch } from "@salus/health";
import {
  type CloudProcess,
  condition,
  depression,
  dice,
  glucose,
  must,
  newPatient,
  newSource,
  observation,
  pressure,
  readerOf,
  somebody,
  startCloudProcess,
  type TestPatient,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: answers are exact and in the exact order, over sources, categories, versions and vaults, whatever
// the size of a page; and cost one request for a page.
// Method: the same resources in the clear, filtered and sorted by the search itself, as an oracle.

let server: CloudProcess;
let cloud: Cloud;
let owner: TestPatient;
const exchanges: Exchange[] = [];
const everything: Resource[] = [];

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url, { onExchange: (exchange) => exchanges.push(exchange) });
  owner = await newPatient(cloud);
  await fill(owner, ["org-a", "org-b", "org-c"], everything);
}, 120_000);
afterAll(() => server.stop());

const CATEGORIES = ["vitals", "laboratory", "conditions", "mental-health"] as const;

/** Three sources, two of them before and after the keys were rotated. */
async function fill(
  patient: TestPatient,
  nodes: readonly string[],
  into: Resource[],
): Promise<void> {
  const roll = dice(nodes.length + 7);
  for (const [n, node] of nodes.entries()) {
    const source = await newSource(cloud, patient, node, CATEGORIES);
    for (const part of ["x", "y"]) {
      const resources = Array.from({ length: 60 }, (_, at) => some(roll, `${node}-${part}-${at}`));
      into.push(...resources);
      const vault = await vaultOf(source, patient.vault);
      const report = must(await vault.upload(resources.map((resource) => ({ resource }))));
      expect(report.refused).toEqual([]);
      if (n < 2 && part === "x") {
        const sources = [source.handle];
        must(await patient.patient.rotate({ sources, categories: ["vitals", "conditions"] }));
      }
    }
  }
}

/** A resource of some type, category, day and value: few enough of each that they often tie. */
function some(roll: ReturnType<typeof dice>, id: string): Resource {
  const day = `20${10 + roll(3)}-0${1 + roll(3)}-0${1 + roll(9)}`;
  const at = [day, `${day}T0${roll(9)}:30:00Z`, day.slice(0, 7), undefined][roll(8) >> 1];
  switch (roll(6)) {
    case 0:
      return glucose(id, 80 + roll(120), at);
    case 1:
      return condition(id, "38341003", "Hypertensive disorder", at);
    case 2:
      return depression(id, at);
    case 3:
      return observation({
        id,
        code: "29463-7",
        value: 50 + roll(500) / 10,
        unit: "kg",
        ...(at && { at }),
      });
    default:
      return pressure(id, 100 + roll(80), at);
  }
}

/** What the search itself says of the resources in the clear. */
function oracle(query: string, all: readonly Resource[]): readonly Resource[] {
  const search = must(compileSearch(query, { policy: BALANCED, now: Date.now() }));
  const matches = all.filter((resource) => search.matches(resource));
  return matches.sort((a, b) => search.compare(a, b)).slice(0, search.count);
}

async function answerOf(
  query: string,
  pageSize: number,
): Promise<{ readonly matches: readonly Match[]; readonly candidates: number }> {
  const reader = await readerOf(cloud, owner);
  const answer = must(await reader.search(query, { pageSize }));
  const matches: Match[] = [];
  for await (const match of answer) matches.push(match);
  const { findings, failures, cost, sources } = answer.report();
  expect({ findings, failures }).toEqual({ findings: [], failures: [] });
  expect(sources.map(({ status }) => status)).toEqual(Array(3).fill("answered"));
  return { matches, candidates: cost.candidates };
}

const ids = (matches: readonly { readonly resource: Resource }[]) =>
  matches.map(({ resource }) => resource.id);

describe("every answer is the oracle's", () => {
  it.each([
    "Observation?_sort=date",
    "Observation?_sort=-date",
    "Observation?code=8480-6&_sort=-date",
    "Observation?code=8480-6&value-quantity=gt140&_sort=date",
    "Observation?code=http://loinc.org|8480-6,http://loinc.org|2339-0&value-quantity=lt120",
    "Observation?code-value-quantity=8480-6$gt150&_sort=-date",
    "Observation?date=ge2011-02-01&date=lt2012-01-01&_sort=date",
    "Observation?date=2010-01&_sort=date",
    "Observation?value-quantity=ge70||kg&_sort=-value-quantity",
    "Observation?category=laboratory&_sort=value-quantity,-date",
    "Observation?code:not=8480-6&date:missing=false&_sort=-date",
    "Condition?_sort=onset-date",
    "Condition?_sort=-onset-date",
    "Condition?onset-date=gt2010-12-31&_sort=-onset-date",
    "Condition?code:text=major",
    "Observation?code=8480-6&_sort=-date&_count=7",
    "Condition?_sort=-onset-date&_count=5",
    "Observation?_sort=code,-date&_count=20",
  ])("%s", async (query) => {
    const expected = oracle(query, everything).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(0);
    for (const pageSize of [3, 500]) {
      const { matches } = await answerOf(query, pageSize);
      if (query.includes("_sort")) expect(ids(matches)).toEqual(expected);
      else expect(ids(matches).sort()).toEqual([...expected].sort());
    }
  });

  it("fetches little that it does not need", async () => {
    const { matches, candidates } = await answerOf(
      "Observation?code=8480-6&value-quantity=gt150",
      500,
    );
    expect(matches.length).toBeGreaterThan(10);
    expect(candidates).toBeLessThanOrEqual(matches.length * 1.2);
    const first = await answerOf("Observation?code=8480-6&_sort=-date&_count=3", 10);
    expect(first.candidates).toBeLessThan(60);
  });

  it("counts without giving, and gives none where none is asked for", async () => {
    const reader = await readerOf(cloud, owner);
    const query = "Observation?code=8480-6&value-quantity=gt140";
    const number = oracle(query, everything).length;
    const counted = must(await reader.search(`${query}&_summary=count`));
    for await (const _ of counted) throw new Error("a count gives no matches");
    expect(counted.report().total).toBe(number);
    const few = must(await reader.search(`${query}&_count=2&_total=accurate`));
    let given = 0;
    for await (const _ of few) given += 1;
    expect([given, few.report().total]).toEqual([2, number]);
  });

  it("says what was wrong with a question, and asks nobody", async () => {
    const reader = await readerOf(cloud, owner);
    exchanges.length = 0;
    expect(await reader.search("Observation?colour=red")).toMatchObject({
      error: { kind: "bad-query", error: { kind: "unknown-parameter" } },
    });
    expect(await reader.search("Spaceship")).toMatchObject({ error: { kind: "bad-query" } });
    expect(exchanges).toEqual([]);
  });
});

describe("requests", () => {
  it("are one for each page, and the pages grow", async () => {
    exchanges.length = 0;
    const { candidates } = await answerOf("Observation", 20);
    const pages = exchanges.filter(({ path }) => path.endsWith("/query"));
    let expected = 0;
    for (let left = candidates, size = 20; left > 0; left -= size, size *= 2) expected += 1;
    expect(pages).toHaveLength(expected);
  });

  it("are not made for what nobody could find", async () => {
    const patient = await newPatient(cloud);
    await newSource(cloud, patient, "org", ["vitals"]);
    exchanges.length = 0;
    const reader = await readerOf(cloud, patient);
    const answer = must(await reader.search("Immunization"));
    for await (const _ of answer) throw new Error("there are none");
    expect(exchanges.filter(({ path }) => path.endsWith("/query"))).toEqual([]);
    expect(answer.report().sources).toMatchObject([{ status: "answered" }]);
  });

  it("stop when nobody takes more", async () => {
    const reader = await readerOf(cloud, owner);
    await reader.vaults();
    exchanges.length = 0;
    for await (const _ of must(await reader.search("Observation", { pageSize: 2 }))) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const pages = exchanges.filter(({ path }) => path.endsWith("/query"));
    expect(pages.length).toBeLessThanOrEqual(2);
  });
});

describe("another choice for the vault", () => {
  it.each([
    ["that the owner alone fills the root", { merge: "owner" }, 1],
    ["that nothing keeps its order", { policy: "sealed-only" }, 0],
  ] as const)("%s gives the same answers", async (_, choice, ordered) => {
    const patient = await newPatient(cloud, choice);
    const all: Resource[] = [];
    await fill(patient, ["org-s", "org-t"], all);
    const doctor = await somebody();
    const grantee = doctor.identity.card;
    const expires = Date.now() + 3_600_000;
    const everything = { grantee, expires, sources: "all", categories: "all" } as const;
    must(await patient.patient.grant(everything));
    for (const who of [patient, doctor]) {
      const reader = await readerOf(cloud, who);
      for (const query of [
        "Observation?code=8480-6&value-quantity=gt140&_sort=-date",
        "Condition?onset-date=gt2010-12-31&_sort=-onset-date&_count=9",
      ]) {
        const answer = must(await reader.search(query, { pageSize: 20 }));
        const matches: Match[] = [];
        for await (const match of answer) matches.push(match);
        expect(ids(matches)).toEqual(oracle(query, all).map(({ id }) => id));
        expect(answer.report()).toMatchObject({ findings: [], failures: [] });
      }
    }
    const reader = await readerOf(cloud, patient);
    expect(must(await reader.verify(patient.vault)).findings).toEqual([]);
    const kinds = new Set<number>();
    for await (const item of reader.inspect(patient.vault)) {
      for (const [kind = 0] of must(item).entries) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(ordered === 1 ? [1, 2, 3] : [2, 3]);
  });
});

describe("several vaults", () => {
  it("are answered in one order, by a grant of each", async () => {
    const doctor = await somebody();
    const all: Resource[] = [];
    const vaults: TestPatient[] = [];
    for (const prefix of ["m", "n", "o"]) {
      const patient = await newPatient(cloud);
      const source = await newSource(cloud, patient, `org-${prefix}`, ["vitals"]);
      const resources = Array.from({ length: 9 }, (_, n) =>
        pressure(`${prefix}${n}`, 100 + n, `2020-0${1 + ((n * 7) % 9)}-0${1 + n}`),
      );
      const vault = await vaultOf(source, patient.vault);
      must(await vault.upload(resources.map((resource) => ({ resource }))));
      all.push(...resources);
      vaults.push(patient);
      const grantee = doctor.identity.card;
      const expires = Date.now() + 3_600_000;
      const sources = [source.handle];
      must(await patient.patient.grant({ grantee, sources, categories: "all", expires }));
    }
    const reader = await readerOf(cloud, doctor);
    const query = "Observation?_sort=-date&_count=20";
    const answer = must(await reader.search(query, { pageSize: 4 }));
    const matches: Match[] = [];
    for await (const match of answer) matches.push(match);
    expect(ids(matches)).toEqual(oracle(query, all).map(({ id }) => id));
    const [first] = vaults;
    const one = must(await reader.search("Observation", { vaults: first ? [first.vault] : [] }));
    for await (const { vault } of one) expect(equalBytes(vault, first?.vault ?? vault)).toBe(true);
    expect(one.report().cost.matches).toBe(9);
  });

  it("that were granted twice give every record once", async () => {
    const doctor = await somebody();
    const patient = await newPatient(cloud);
    const all: Resource[] = [];
    await fill(patient, ["org-p", "org-q"], all);
    const expires = Date.now() + 3_600_000;
    const grantee = doctor.identity.card;
    const [a, b] = patient.patient.sources().map(({ source }) => source);
    if (a === undefined || b === undefined) throw new Error("there are two sources");
    const grant = (sources: (typeof a)[], categories: "all" | readonly ["vitals"]) =>
      patient.patient.grant({ grantee, sources, categories, expires });
    must(await grant([a, b], ["vitals"]));
    must(await grant([b], "all"));
    const reader = await readerOf(cloud, doctor);
    const query = "Observation?_sort=-date";
    const answer = must(await reader.search(query, { pageSize: 10 }));
    const found: string[] = [];
    for await (const { resource } of answer) found.push(`${resource.id}`);
    const expected = oracle(query, all)
      .filter(
        ({ id, code }) => `${id}`.startsWith("org-q") || !JSON.stringify(code).includes("2339-0"),
      )
      .map(({ id }) => `${id}`);
    expect(found).toEqual(expected);
  });
});
