/**
 * Goal: searching sealed records gives exactly what FHIR R4 says, and the index does the finding.
 * Method: import the shared Synthea set as a user would; put some 250 generated questions to the
 * sealed records and to the oracle, as the patients themselves and as somebody to whom all of them
 * granted everything; count what was fetched and what was sent. Then take the index away, and see
 * that the measure notices.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { difference, expected, type Question } from "./oracle/compare.ts";
import { type Dataset, type Entry, hasSynthea, readSynthea, SYNTHEA } from "./oracle/dataset.ts";
import { generate } from "./oracle/generate.ts";
import { type Asked, Askers, withoutIndex } from "./running/asking.ts";
import { type RunningCloud, serve } from "./running/cloud.ts";
import { temporaryFolder } from "./running/folder.ts";
import { ImportedHomes, SEALED } from "./running/homes.ts";
import { type Outcome, succeed } from "./running/program.ts";

const SEED = 20_260_101;
const QUESTIONS = 240;
/** Half of the answers fetch at most a fifth more than they show. */
const RATIO_MAX = 1.2;

/** Candidates on a page, unless a reader asks for fewer. */
const PAGE = 500;

/** A question, and what the oracle says. */
interface Settled {
  readonly question: Question;
  readonly oracle: readonly Entry[];
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Candidates fetched for each match. What finds nothing should fetch nothing. */
const ratioOf = ({ report: { cost } }: Asked): number =>
  cost.candidates / Math.max(1, cost.matches);

const show = ({ question: { text, patient, organisation } }: Settled): string =>
  [text, patient, organisation].filter((part) => part !== undefined).join(" ");

if (!hasSynthea()) process.stderr.write("skipped: no shared Synthea set, no exact answers\n");

describe.skipIf(!hasSynthea())("the shared Synthea set", { timeout: 600_000 }, () => {
  const folder = temporaryFolder();
  const home = join(folder.path, "homes");
  const homes = new ImportedHomes(home);
  let cloud: RunningCloud;
  let imported: Outcome;
  let data: Dataset;
  let askers: Askers;
  let settled: readonly Settled[];
  const asked = new Map<Settled, Asked>();

  beforeAll(async () => {
    cloud = await serve(join(folder.path, "cloud"));
    imported = await succeed(["import", SYNTHEA, ...place(), "--json"], { env: SEALED });
    data = readSynthea();
    const rules = { now: Date.now(), reading: "literal" } as const;
    settled = generate(data, SEED, QUESTIONS, rules.now).map((question) => ({
      question,
      oracle: expected(question, data.entries, rules),
    }));
    askers = new Askers(cloud.url, homes);
    await askers.open(data.patients);
  }, 600_000);

  afterAll(async () => {
    await homes.close();
    await cloud?.stop();
    folder.remove();
  });

  const place = (): string[] => ["--home", home, "--cloud", cloud.url];

  it("is imported whole", () => {
    const report = JSON.parse(imported.stdout.trim().split("\n").at(-1) ?? "");
    const { stored, refused, seconds } = report;
    expect([stored, refused.count]).toEqual([data.entries.length, 0]);
    process.stderr.write(`imported ${stored} records in ${seconds.toFixed(1)} s\n`);
  });

  it("answers every question as the oracle does, and says who made what", async () => {
    expect(settled.length).toBeGreaterThanOrEqual(200);
    const faults: string[] = [];
    for (const one of settled) {
      const answer = await askers.ask(one.question);
      asked.set(one, answer);
      const { failures, findings, sources } = answer.report;
      const makers = new Map(one.oracle.map((made) => [`${made.type}/${made.id}`, made]));
      const wrong = answer.names.find(
        (name, at) => makers.get(name)?.organisation !== answer.organisations[at],
      );
      const fault =
        difference(one.question, one.oracle, answer.names) ??
        (wrong && `${wrong} is said to be from elsewhere`) ??
        failures[0]?.error.kind ??
        findings[0]?.kind ??
        sources.find(({ status }) => status !== "answered")?.status;
      if (fault !== undefined) faults.push(`${fault}: ${show(one)}`);
    }
    expect(faults).toEqual([]);
  });

  it("fetches little more than it shows", () => {
    const ratios = [...asked.values()].map(ratioOf);
    const middle = median(ratios);
    const total = (of: "candidates" | "matches"): number =>
      [...asked.values()].reduce((sum, { report }) => sum + report.cost[of], 0);
    process.stderr.write(
      `${ratios.length} answers: ${total("matches")} matches of ${total("candidates")} candidates, ` +
        `median ratio ${middle.toFixed(2)}\n`,
    );
    expect(middle).toBeLessThanOrEqual(RATIO_MAX);
  });

  it("sends one request for a page of candidates, whatever the number of sources", async () => {
    const sources = new Set<number>();
    for (const [{ question }, { requests, report }] of asked) {
      expect(requests, question.text).toBe(report.cost.requests);
      if (question.patient === undefined || /_sort.*_count/.test(question.text)) continue;
      const pages = Math.floor(report.cost.candidates / PAGE) + 1;
      expect(requests, question.text).toBeLessThanOrEqual(pages);
      if (requests === 1) sources.add(report.sources.length);
    }
    expect(Math.max(...sources)).toBeGreaterThanOrEqual(4);
  });

  it("gives the same answers page by page", async () => {
    const several = [...asked].filter(
      ([{ question }, { report }]) =>
        question.patient !== undefined &&
        !question.text.includes("_count") &&
        report.cost.candidates > 20 &&
        report.cost.candidates < 120,
    );
    expect(several.length).toBeGreaterThan(10);
    for (const [one, { report }] of several.slice(0, 20)) {
      const paged = await askers.ask(one.question, { pageSize: 7 });
      expect(difference(one.question, one.oracle, paged.names), show(one)).toBeUndefined();
      const most = Math.floor(report.cost.candidates / 7) + 1;
      expect(paged.requests, show(one)).toBeGreaterThan(1);
      expect(paged.requests, show(one)).toBeLessThanOrEqual(most);
    }
  });

  it("owes it to the index: without it answers are the same, and the measure fails", async () => {
    const some = settled.filter(({ question }) => question.patient !== undefined).slice(0, 16);
    const through = withoutIndex(askers.cloud);
    const ratios: number[] = [];
    for (const one of some) {
      const answer = await askers.ask(one.question, { through });
      expect(difference(one.question, one.oracle, answer.names), show(one)).toBeUndefined();
      ratios.push(ratioOf(answer));
    }
    expect(median(ratios)).toBeGreaterThan(RATIO_MAX);
  });

  it("answers the program's users the same way", async () => {
    await homes.close();
    const own = settled.filter(({ question }) => question.patient !== undefined).slice(0, 4);
    const everyone = settled.filter(({ question }) => question.patient === undefined).slice(0, 1);
    for (const one of [...own, ...everyone]) {
      const { text, patient, organisation } = one.question;
      const whose = patient === undefined ? [] : ["--patient", patient];
      const where = organisation === undefined ? [] : ["--scope", organisation];
      const args = ["search", text, ...place(), ...whose, ...where, "--json"];
      const { stdout } = await succeed(args, { env: SEALED });
      const lines = stdout.trim().split("\n");
      const last = JSON.parse(lines.pop() ?? "");
      const matches = lines.map((line) => JSON.parse(line));
      const names = matches.map(({ resource }) => `${resource.resourceType}/${resource.id}`);
      expect(difference(one.question, one.oracle, names), show(one)).toBeUndefined();
      const made = new Map(one.oracle.map((entry) => [`${entry.type}/${entry.id}`, entry]));
      for (const [at, { source }] of matches.entries()) {
        expect(source).toBe(made.get(names[at] as string)?.organisation || "patient");
      }
      expect(last.complete, show(one)).toBe(true);
      expect(last.cost.candidates).toBeGreaterThanOrEqual(last.cost.matches);
    }
  });
});
