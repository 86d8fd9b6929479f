/**
 * Goal: an answer is whole: its pages hold every match once, say how many there are and what was applied, and
 * nothing is downloaded without bound.
 * Method: one patient and her hundred observations in a real cloud, behind a gateway that opens few records for a
 * request; what is written meanwhile must not disturb.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { loinc, P1 } from "./rules/rule-case.ts";
import { type AnyResource, type Asked, RunningGateway } from "./running-gateway.ts";

const RECORDS = 100;
const BOUND = 90;

let gateway: RunningGateway;

const observation = (id: string, day: number, code = "8867-4"): AnyResource => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: loinc(code),
  subject: P1,
  performer: [{ reference: "Practitioner/dr" }],
  effectiveDateTime: new Date(Date.UTC(2020, 0, 1 + day)).toISOString(),
  note: [{ text: `note ${day}` }],
});
const number = (at: number): string => String(at).padStart(3, "0");

beforeAll(async () => {
  gateway = await RunningGateway.start({ candidatesMax: BOUND });
  await gateway.load([
    { resourceType: "Patient", id: "p1", name: [{ family: "Pages" }], active: true },
    { resourceType: "Practitioner", id: "dr", name: [{ family: "Strange" }] },
    ...Array.from({ length: RECORDS }, (_, at) =>
      observation(`o${number(at)}`, at, at < 10 ? "8310-5" : "8867-4"),
    ),
  ]);
});
afterAll(() => gateway.stop());

const linkOf = ({ body }: Asked, relation: string): string | undefined =>
  body.link?.find((link) => link.relation === relation)?.url;
const idsOf = ({ body }: Asked, mode = "match"): string[] =>
  (body.entry ?? [])
    .filter(({ search }) => search?.mode === mode)
    .map(({ resource }) => resource.id);
const put = (resource: AnyResource): Promise<Asked> =>
  gateway.ask(`${resource.resourceType}/${resource.id}`, {
    method: "PUT",
    headers: { "content-type": "application/fhir+json" },
    body: JSON.stringify(resource),
  });

it("gives every match once and in order, page by page, while others are written and changed", async () => {
  const ids: string[] = [];
  let page = await gateway.ask("Observation?_sort=date&_count=20");
  for (let written = 0; ; written += 1) {
    expect(page.status).toBe(200);
    ids.push(...idsOf(page));
    const next = linkOf(page, "next");
    if (next === undefined) break;
    expect(next).toMatch(/^http:\/\/[^/]+\/fhir\/Observation\?_page=[\w-]+$/);
    // One that is new, and one that was given before and changes.
    await put(observation(`new${written}`, written, "9279-1"));
    await put({ ...observation("o000", 0, "8310-5"), issued: `2024-01-0${written + 1}T00:00:00Z` });
    page = await gateway.ask(next);
  }
  expect(ids).toEqual(Array.from({ length: RECORDS }, (_, at) => `o${number(at)}`));
});

it("repeats a page, goes back to the one before it, and links to the first", async () => {
  const first = await gateway.ask("Observation?code=8310-5&_sort=-date&_count=4");
  expect(idsOf(first)).toEqual(["o009", "o008", "o007", "o006"]);
  const next = linkOf(first, "next") as string;
  const second = await gateway.ask(next);
  expect(idsOf(second)).toEqual(["o005", "o004", "o003", "o002"]);
  expect(idsOf(await gateway.ask(next))).toEqual(idsOf(second));
  expect(idsOf(await gateway.ask(linkOf(second, "previous") as string))).toEqual(idsOf(first));
  expect(linkOf(second, "first")).toBe(linkOf(second, "previous"));
  const last = await gateway.ask(linkOf(second, "next") as string);
  expect(idsOf(last)).toEqual(["o001", "o000"]);
  expect(linkOf(last, "next")).toBeUndefined();
});

it("says how many matches there are when it knows, or when it is asked", async () => {
  const known = await gateway.ask("Observation?code=8310-5");
  expect(known.body.total).toBe(10);
  const some = await gateway.ask("Observation?code=8310-5&_count=3");
  expect(some.body.total).toBeUndefined();
  expect((await gateway.ask("Observation?code=8310-5&_count=3&_total=accurate")).body.total).toBe(
    10,
  );
  expect((await gateway.ask("Observation?code=8310-5&_total=none")).body.total).toBeUndefined();
  for (const query of ["_count=0", "_summary=count"]) {
    const { body } = await gateway.ask(`Observation?code=8310-5&${query}`);
    expect(body.total).toBe(10);
    expect(body.entry).toBeUndefined();
  }
});

it("counts neither what is included nor what it says about itself", async () => {
  const page = await gateway.ask(
    "Observation?code=8310-5&_sort=date&_count=2&_total=accurate&_include=Observation:performer&_include=Observation:subject",
  );
  expect(idsOf(page)).toEqual(["o000", "o001"]);
  expect(idsOf(page, "include").sort()).toEqual(["dr", "p1"]);
  expect(page.body.total).toBe(10);
  const next = await gateway.ask(linkOf(page, "next") as string);
  expect(idsOf(next, "include").sort()).toEqual(["dr", "p1"]);
});

it("says in the self link what was applied, and in an outcome what was not", async () => {
  const lenient = { headers: { prefer: "handling=lenient" } };
  const query = "Observation?code=8310-5&nonsense=secret&_count=5000&_sort=-date";
  const page = await gateway.ask(query, lenient);
  expect(linkOf(page, "self")).toBe(
    `${gateway.base}/Observation?code=8310-5&_count=1000&_sort=-date`,
  );
  const outcome = page.body.entry?.find(({ search }) => search?.mode === "outcome")?.resource;
  expect(outcome).toMatchObject({ issue: [{ severity: "warning", code: "not-supported" }] });
  expect(JSON.stringify(outcome)).toContain("nonsense");
  expect(JSON.stringify(outcome)).not.toContain("secret");
});

it("takes a form and an address as one search", async () => {
  const form = (body: string): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  });
  const page = await gateway.ask("Observation/_search?_sort=date", form("code=8310-5&_count=2"));
  expect(idsOf(page)).toEqual(["o000", "o001"]);
  const all = await gateway.ask("_search", form("_type=Patient,Practitioner&_sort=-_id"));
  expect(idsOf(all)).toEqual(["p1", "dr"]);
});

it("refuses what would open more than the bound, names what does, and says what to add", async () => {
  for (const [query, parameter] of [
    ["Observation?_total=accurate", ""],
    ["Observation?note:missing=true", undefined],
    ["Observation?code:not=8310-5&_total=accurate", "code:not"],
    ["Patient?_has:Observation:patient:status=final", "_has:Observation:patient:status"],
    [
      "Practitioner?_has:Observation:performer:patient.name=pages",
      "_has:Observation:performer:patient.name",
    ],
  ] as const) {
    const { status, body } = await gateway.ask(query);
    if (parameter === undefined) {
      expect(status, query).toBe(400);
      continue;
    }
    expect(status, query).toBe(422);
    expect(body.issue?.[0], query).toMatchObject({ severity: "error", code: "too-costly" });
    expect(body.issue?.[0]?.diagnostics, query).toContain(parameter);
  }
  // What narrows it helps, whichever side it stands on.
  expect(idsOf(await gateway.ask("Observation?code=8310-5&patient.name=pages")).length).toBe(10);
  const narrow = "Patient?_id=p1&_has:Observation:patient:code=8310-5";
  expect(idsOf(await gateway.ask(narrow))).toEqual(["p1"]);
});

it("has no page under another name, and gives none to another search", async () => {
  const page = await gateway.ask("Observation?code=8310-5&_count=3");
  const next = new URL(linkOf(page, "next") as string);
  const [id = "", at] = (next.searchParams.get("_page") ?? "").split(/-(?=\d+$)/);
  const other = `${id.startsWith("A") ? "B" : "A"}${id.slice(1)}`;
  const gone = await gateway.ask(`Observation?_page=${other}-${at}`);
  expect(gone.status).toBe(410);
  expect(gone.body.issue?.[0]?.code).toBe("expired");
  expect((await gateway.ask("Observation?_page=nonsense")).status).toBe(400);
  expect(idsOf(await gateway.ask(`Observation?_page=${id}-99`))).toEqual([]);
});

it("shortens what it gives, and tags it", async () => {
  const [{ resource }] = (await gateway.ask("Observation?_id=o003&_elements=status,subject")).body
    .entry as [{ resource: AnyResource }];
  expect(Object.keys(resource).sort()).toEqual(
    ["resourceType", "id", "meta", "status", "subject", "code"].sort(),
  );
  expect(resource.meta).toMatchObject({ tag: [{ code: "SUBSETTED" }] });
  const summary = (await gateway.ask("Observation?_id=o003&_summary=true")).body.entry?.[0]
    ?.resource;
  expect(summary?.note).toBeUndefined();
  expect(summary?.effectiveDateTime).toBeDefined();
  const data = (await gateway.ask("Observation?_id=o003&_summary=data")).body.entry?.[0]?.resource;
  expect(data?.note).toBeDefined();
  expect((await gateway.ask("Observation?_summary=true&_elements=id")).status).toBe(400);
});

it("gives everything of a patient, with what it refers to, in pages", async () => {
  const whole = await gateway.ask("Patient/p1/$everything");
  const ids = idsOf(whole);
  expect(ids[0]).toBe("p1");
  expect(ids.length).toBeGreaterThanOrEqual(RECORDS + 1);
  expect(idsOf(whole, "include")).toEqual(["dr"]);
  expect(whole.body.total).toBe(ids.length);
  const typed = await gateway.ask("Patient/p1/$everything?_type=Patient,Practitioner");
  expect([...idsOf(typed), ...idsOf(typed, "include")]).toEqual(["p1", "dr"]);
  const days = await gateway.ask(
    "Patient/p1/$everything?start=2020-01-02&end=2020-01-03&_type=Observation",
  );
  expect(
    idsOf(days)
      .filter((id) => id.startsWith("o"))
      .sort(),
  ).toEqual(["o001", "o002"]);
  let page = await gateway.ask("Patient/p1/$everything?_count=40");
  const paged = [...idsOf(page), ...idsOf(page, "include")];
  for (let next = linkOf(page, "next"); next !== undefined; next = linkOf(page, "next")) {
    page = await gateway.ask(next);
    paged.push(...idsOf(page), ...idsOf(page, "include"));
  }
  expect(paged.sort()).toEqual([...ids, "dr"].sort());
  expect((await gateway.ask("Patient/nobody/$everything")).status).toBe(404);
  expect((await gateway.ask("Patient/p1/$everything?nonsense=1")).status).toBe(400);
});

it("reports in a header what was evaluated under encryption and what it cost", async () => {
  const { headers } = await gateway.ask("Observation?code=8310-5&date=ge2020-01-05");
  expect(headers.get("salus-search")).toMatch(
    /^evaluated=2, asked=2, candidates=\d+, matches=6, requests=\d+$/,
  );
});
