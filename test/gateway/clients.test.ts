/**
 * Goal: three clients that know nothing of Salus work with it unchanged, and of all that they write and ask nothing
 * can be found in the cloud: not on the wire, in its memory, its database's, its files or its log.
 * Method: each plays one script through `salus gateway --sandbox`, before a cloud whose every byte a proxy keeps. Then
 * every place is swept for the words, numbers and days of the script; something harmless that was put there is found.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Pattern, patternsOf, patternsOfNumber } from "../canary/encodings.ts";
import {
  joined,
  processTree,
  type Sweep,
  sweepBytes,
  sweepFolder,
  sweepProcesses,
} from "../canary/scan.ts";
import { connect, postmasterOf, type RunningCloud, serve, serverFolder } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import { type Run, start } from "../running/program.ts";
import { type Recorder, record } from "../running/proxy.ts";
import { type Json, type Marks, PAGE, play, type ScriptedClient, STORED } from "./client-script.ts";
import { fhirKit, medplum, resourcesOf, smartClient } from "./foreign-clients.ts";

/** What every script plants, so that few patterns find any of it; each has a word that begins otherwise. */
const PLANTED: Marks = { word: "qzplover", value: 183.517264, day: "1914-03-21" };
const CLIENTS: readonly (readonly [string, (base: string) => ScriptedClient, Marks])[] = [
  ["fhir-kit-client", fhirKit, { ...PLANTED, word: `ka${PLANTED.word}` }],
  ["fhirclient", smartClient, { ...PLANTED, word: `mo${PLANTED.word}` }],
  ["MedplumClient", medplum, { ...PLANTED, word: `tu${PLANTED.word}` }],
];

/** The sandbox's hospital is in the public registry. */
const PUBLIC_NAME = "Sandbox Hospital";
const ROUTE = "/v1/vaults/:vault/query";
const HARMLESS = new Set([PUBLIC_NAME, ROUTE]);

const folder = temporaryFolder();
const home = join(folder.path, "home");
let cloud: RunningCloud;
let proxy: Recorder;
let gateway: Run;
let base: string;

beforeAll(async () => {
  cloud = await serve(join(folder.path, "cloud"));
  proxy = await record(cloud.url);
  const place = ["--home", home, "--cloud", proxy.url, "--port", "0"];
  gateway = start(["gateway", "--sandbox", ...place]);
  base = await readyLine(gateway);
}, 120_000);

afterAll(async () => {
  gateway?.child.kill("SIGTERM");
  await gateway?.ended;
  await proxy?.close();
  await cloud?.stop();
  folder.remove();
});

async function readyLine(run: Run): Promise<string> {
  for (;;) {
    const ready = /^ready (\S+)$/m.exec(run.said().stdout)?.[1];
    if (ready !== undefined) return ready;
    if (run.child.exitCode !== null) throw new Error((await run.ended).stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const typesOf = (bundle: Json): readonly string[] =>
  [...new Set(resourcesOf(bundle).map(({ resourceType }) => resourceType))].sort();

describe.each(CLIENTS)("%s", (_name, clientOf, marks) => {
  it("writes, asks, changes and deletes as with any server of FHIR", async () => {
    const seen = await play(clientOf(base), marks);
    const { id } = seen.created;
    expect(seen.read).toMatchObject({ id, meta: { versionId: "1" } });
    expect(seen.updated).toMatchObject({ id, status: "amended", meta: { versionId: "2" } });
    expect(seen.patched).toMatchObject({
      valueQuantity: { value: marks.value + 1 },
      meta: { versionId: "3" },
    });
    expect(resourcesOf(seen.found)).toHaveLength(STORED);
    expect(seen.found).toMatchObject({ total: STORED });
    expect(seen.pages.map(({ length }) => length)).toEqual(
      Array.from({ length: Math.ceil(STORED / PAGE) }, () => PAGE),
    );
    expect(new Set(seen.pages.flat().map((each) => each.id)).size).toBe(STORED);
    expect(seen.transaction).toMatchObject({ type: "transaction-response" });
    const versions = resourcesOf(seen.history).map((each) => each.meta);
    expect(versions).toMatchObject([{ versionId: "3" }, { versionId: "2" }, { versionId: "1" }]);
    expect(typesOf(seen.everything)).toEqual(["Condition", "Encounter", "Observation", "Patient"]);
    expect(seen.summary).toMatchObject({ resourceType: "Bundle", type: "document" });
    expect(typesOf(seen.summary)).toContain("Composition");
    expect(resourcesOf(seen.afterDeletion)).toEqual([]);
  });

  it("has every condition of such searches answered under encryption", async () => {
    const { word, value, day } = marks;
    for (const query of [
      `Patient?family=${word}`,
      `Patient?birthdate=${day}`,
      `Observation?code=8480-6&value-quantity=gt${value}&date=${day}&_sort=-date`,
      "Encounter?status=finished&class=AMB",
    ]) {
      const answer = await fetch(`${base}/${query}`);
      expect(answer.status, query).toBe(200);
      const cost = costOf(answer.headers.get("salus-search"));
      expect(cost.evaluated, query).toBe(cost.asked);
      expect(cost.matches, query).toBeGreaterThan(0);
      expect(cost.candidates, query).toBeLessThanOrEqual(1.5 * cost.matches);
    }
  });
});

function costOf(
  header: string | null,
): Record<"evaluated" | "asked" | "candidates" | "matches", number> {
  const parts = (header ?? "").split(", ").map((part) => part.split("=") as [string, string]);
  return Object.fromEntries(parts.map(([name, count]) => [name, Number(count)])) as never;
}

describe("nothing that was written or asked is found", { timeout: 180_000 }, () => {
  const control = (text: string): Pattern[] => patternsOf(text, Buffer.from(text)).slice(0, 1);
  const { word, value, day } = PLANTED;
  const secrets: readonly Pattern[] = [
    ...[word, String(value), day].flatMap((text) => patternsOf(text, Buffer.from(text))),
    ...patternsOfNumber(value),
  ];
  const patterns = [...secrets, ...[...HARMLESS].flatMap(control)];

  function expectOnly({ bytes, hits }: Sweep, harmless: string | undefined, least: number): void {
    expect(bytes).toBeGreaterThan(least);
    expect(hits.filter(({ secret }) => !HARMLESS.has(secret))).toEqual([]);
    if (harmless !== undefined) expect(hits.map(({ secret }) => secret)).toContain(harmless);
  }

  // First: a process that sweeps answers nobody, and connections end meanwhile.
  it("though it would be: it is in what the gateway answers", async () => {
    const answer = await fetch(`${base}/Patient?birthdate=${day}`);
    const sweep = sweepBytes(Buffer.from(await answer.text()), "an answer", patterns);
    expect(sweep.hits.map(({ secret }) => secret)).toContain(word);
  });

  it("on the wire", () => {
    expectOnly(sweepBytes(proxy.sent(), "sent", patterns), PUBLIC_NAME, 50_000);
    expectOnly(sweepBytes(proxy.received(), "received", patterns), PUBLIC_NAME, 50_000);
  });

  it("in the memory of the cloud and of its database", () => {
    const servers = processTree(postmasterOf(cloud.folder));
    expectOnly(sweepProcesses([cloud.pid, ...servers], patterns), PUBLIC_NAME, 50_000_000);
  });

  it("in the files of the cloud and of its database", async () => {
    const database = await connect(cloud.folder);
    await database.query("checkpoint");
    await database.end();
    const apart = serverFolder(cloud.folder);
    const folders = apart.startsWith(cloud.folder) ? [cloud.folder] : [cloud.folder, apart];
    const files = joined(folders.map((path) => sweepFolder(path, patterns)));
    expectOnly(files, PUBLIC_NAME, 20_000_000);
  });

  it("in the cloud's log, and the gateway's has no more of it", () => {
    const { stdout, stderr } = cloud.run.said();
    expectOnly(sweepBytes(Buffer.from(stdout + stderr), "the cloud's log", patterns), ROUTE, 1000);
    const said = gateway.said();
    const log = sweepBytes(Buffer.from(said.stdout + said.stderr), "the gateway's log", patterns);
    expectOnly(log, undefined, 1000);
  });
});

describe("the gateway", () => {
  it("ends when it is asked to, and its patients are there when it begins again", async () => {
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended).toMatchObject({ code: 0 });
    const place = ["--home", home, "--cloud", proxy.url, "--port", "0"];
    gateway = start(["gateway", "--sandbox", ...place]);
    base = await readyLine(gateway);
    const [, , { word }] = CLIENTS[0] as (typeof CLIENTS)[number];
    const answer = await fetch(`${base}/Patient?family=${word}`);
    expect(await answer.json()).toMatchObject({ total: 1 });
  });
});
