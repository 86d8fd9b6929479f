import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PASSPHRASE, SEALED } from "../running/homes.ts";
import { CLINIC, ndjson } from "./clinic.ts";
import { ClinicCloud, jsonLines, leftovers } from "./clinic-cloud.ts";

// Goal: one question is answered for people and for machines, says what it covers, and is refused in
// words when it is wrong; who may not read finds nothing; who may, finds exactly that.
// Method: one small clinic, asked, shared, revoked and verified by the program alone.

const clinic = new ClinicCloud();
const HOME = "home";

beforeAll(async () => {
  await clinic.start();
  await clinic.homes(HOME);
  const outcome = await clinic.run(HOME, ["import", "-"], { input: ndjson(CLINIC) });
  expect(outcome.code, outcome.stderr).toBe(0);
});
afterAll(() => clinic.stop());

const run = (...args: string[]): ReturnType<ClinicCloud["run"]> => clinic.run(HOME, args);

async function ids(...args: string[]): Promise<readonly string[]> {
  const outcome = await run(...args, "--json");
  expect(outcome.code, outcome.stderr).toBe(0);
  const matches = jsonLines(outcome).slice(0, -1) as { resource: { id: string } }[];
  return matches.map(({ resource }) => resource.id);
}

describe("search", () => {
  it("gives machines a line for each match, and what the answer covers and cost", async () => {
    const outcome = await run("search", "Observation?value-quantity=gt150&_sort=date", "--json");
    const lines = jsonLines(outcome);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({
      source: "north",
      resource: { resourceType: "Observation", id: "a1", valueQuantity: { value: 151 } },
      patient: "ann",
      name: "North Hospital",
      path: ["north", "north-heart", "bo"],
      assigned: "stated",
    });
    expect(lines[1]).toMatchObject({ source: "south", resource: { id: "c1" }, patient: "Carl.2" });
    expect(lines[2]).toMatchObject({ complete: true, matches: 2, total: 2, findings: [] });
    const { sources, cost } = lines[2] as { sources: { status: string }[]; cost: object };
    expect(sources.map(({ status }) => status)).toEqual(Array(5).fill("answered"));
    const counts = { requests: 2, matches: 2, candidates: expect.any(Number) };
    expect(cost).toMatchObject({ ...counts, bytesSent: expect.any(Number) });
  });

  it("gives people a table that suits the type", async () => {
    const outcome = await run("search", "Observation?_sort=-date", "--patient", "ann");
    expect(outcome.stdout).toMatchSnapshot();
    expect(outcome.stderr).toContain("5 records; 3 of 3 sources answered");
    const patients = await run("search", "Patient?_sort=name");
    expect(patients.stdout).toMatchSnapshot();
  });

  it("follows pages to the end unless _count stops it, and counts without showing", async () => {
    expect(await ids("search", "Observation?_sort=date&_count=2")).toEqual(["a1", "g1"]);
    const outcome = await run("search", "Observation?_count=0", "--json");
    expect(jsonLines(outcome)).toMatchObject([{ matches: 0, total: 6 }]);
  });

  it("asks one node of the tree", async () => {
    const pressures = "Observation?code=8480-6&_sort=date";
    expect(await ids("search", pressures, "--scope", "South Hospital")).toEqual(["a2", "c1"]);
    expect(await ids("search", pressures, "--scope", "north-heart")).toEqual(["a1", "a3"]);
    expect(await ids("search", pressures, "--scope", "bo")).toEqual(["a1"]);
  });

  it.each([
    ["Observation?colour=red", "there is no search parameter colour"],
    ["Observation?date=soon", "that is no date"],
    ["Toaster", "Toaster is no type"],
  ])("refuses %s in words, and asks the cloud nothing", async (query, words) => {
    const outcome = await clinic.run(HOME, ["search", query], {
      env: { SALUS_CLOUD: "http://127.0.0.1:9" },
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(words);
  });

  it("says so when the cloud does not answer, and when nobody is called so", async () => {
    const env = { SALUS_CLOUD: "http://127.0.0.1:9" };
    const silent = await clinic.run(HOME, ["search", "Patient"], { env });
    expect([silent.code, silent.stderr]).toEqual([3, expect.stringContaining("[unreachable]")]);
    const nobody = await run("search", "Patient", "--patient", "dora");
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining("ann (Ann Lind)")]);
  });
});

describe("sharing", () => {
  it("lets a reader see what was granted, until it is revoked, and nobody else anything", async () => {
    await run("keys", "add", "dr-brown");
    const before = await run("search", "Observation", "--as", "dr-brown");
    expect([before.code, before.stderr]).toEqual([5, expect.stringContaining("nothing-to-read")]);
    const named = await run("search", "Observation", "--as", "dr-brown", "--patient", "ann");
    expect([named.code, named.stderr]).toEqual([1, expect.stringContaining("nothing-to-read")]);

    const order = ["--patient", "ann", "--to", "dr-brown", "--until", "30d"];
    const granted = await run("grant", ...order, "--category", "laboratory");
    expect(granted.code, granted.stderr).toBe(0);
    const grant = granted.stdout.trim();
    expect(grant).toMatch(/^[0-9a-f]{32}$/);
    expect(await ids("search", "Observation", "--as", "dr-brown")).toEqual(["g1"]);
    expect(await ids("search", "Encounter", "--as", "dr-brown")).toEqual([]);

    const shown = jsonLines(await run("show", "--patient", "ann", "--json"))[0];
    expect(shown).toMatchObject({
      grants: [{ grant, to: "dr-brown", state: "live", categories: ["laboratory"] }],
    });

    const revoked = await run("revoke", grant.slice(0, 8), "--patient", "ann");
    expect(revoked.stdout).toBe(`revoked ${grant}\n`);
    const after = await run("search", "Observation", "--as", "dr-brown");
    expect(after.code).toBe(5);
    expect(after.stdout).toBe("");
  });

  it("reaches somebody elsewhere by her card, who finds it with her own home", async () => {
    await clinic.homes("elsewhere");
    await clinic.run("elsewhere", ["keys", "add", "dr-white"]);
    const card = await clinic.run("elsewhere", ["keys", "card", "dr-white"]);
    const order = ["--patient", "Carl.2", "--category", "vitals", "--until", "2w"];
    const granted = await run("grant", ...order, "--to", card.stdout.trim(), "--json");
    const vitals = { state: "live", purpose: "TREAT", categories: ["vitals"] };
    expect(jsonLines(granted), granted.stderr).toMatchObject([vitals]);
    const found = await clinic.run("elsewhere/readers/dr-white", [
      "search",
      "Observation",
      "--json",
    ]);
    expect(found.code, found.stderr).toBe(0);
    expect(jsonLines(found)[0]).toMatchObject({ resource: { id: "c1" } });
  });

  it("gives a source no sight, not even of what it wrote", async () => {
    const outcome = await clinic.run(`${HOME}/sources/north`, ["search", "Observation", "--json"]);
    expect(outcome.code).toBe(5);
    expect(jsonLines(outcome)).toMatchObject([{ complete: false, matches: 0, sources: [] }]);
  });

  it.each([
    [
      "an unknown category",
      ["--category", "secrets", "--until", "30d"],
      "is not the name of a cat",
    ],
    ["no date", ["--category", "vitals", "--until", "someday"], "is no date"],
    ["a date that is past", ["--category", "vitals", "--until", "2001-01-01"], "is past"],
    ["nobody", ["--category", "vitals", "--until", "1d", "--to", "dr-who"], "dr-who is not the"],
    [
      "a source that does not write here, naming those that do",
      ["--category", "vitals", "--until", "1d", "--source", "elsewhere"],
      "there are the patient herself",
    ],
  ])("refuses %s", async (_, wrong, words) => {
    const outcome = await run("grant", "--patient", "ann", "--to", "bo", ...wrong);
    expect([outcome.code, outcome.stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

describe("what is stored", () => {
  it("is as it was signed", async () => {
    const outcome = await run("verify", "--json");
    expect(outcome.code, outcome.stderr).toBe(0);
    const records = jsonLines(outcome).map((line) => [line.patient, line.records, line.findings]);
    // Homes are made side by side: in which order, nobody asks.
    expect(records.sort()).toEqual([
      ["Carl.2", 3, []],
      ["ann", 7, []],
    ]);
  });

  it("is said of nothing that could not be looked at", async () => {
    const outcome = await run("verify", "--as", "dr-brown", "--patient", "ann", "--json");
    expect(jsonLines(outcome)).toEqual([{ patient: "ann", failure: "nothing-to-read" }]);
    expect([outcome.code, outcome.stderr]).toEqual([1, expect.stringContaining("1 vault NOT VER")]);
  });

  it("is shown as the cloud has it: nothing that anybody could read", async () => {
    const outcome = await run("inspect", "--patient", "ann", "--json", "--limit", "99");
    expect(jsonLines(outcome)).toHaveLength(7);
    const bytes = Buffer.from(outcome.stdout.replace(/[^0-9a-f]/g, ""), "hex").toString("latin1");
    for (const secret of ["Ann", "Lind", "Systolic", "8480-6"]) expect(bytes).not.toContain(secret);
  });

  it("is exported whole, as lines and as a Bundle, into a file or not at all", async () => {
    const lines = await run("export", "--patient", "ann");
    expect(jsonLines(lines)).toHaveLength(7);
    const path = clinic.path("bundle.json");
    const bundle = await run("export", "--bundle", "--out", path);
    expect(bundle.code, bundle.stderr).toBe(0);
    const { default: exported } = await import(path, { with: { type: "json" } });
    expect(exported).toMatchObject({ resourceType: "Bundle", type: "collection" });
    expect(exported.entry).toHaveLength(10);
    const nowhere = await run("export", "--out", clinic.path("no/such/folder"));
    expect(nowhere.code).toBe(7);
    expect(leftovers(clinic.folder.path).filter((file) => !file.startsWith("cloud/"))).toEqual([]);
  });

  it("is indexed again under the live keys, and still as it was signed", async () => {
    const again = await run("reindex", "--patient", "ann", "--json");
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("7 records indexed")]);
    const [said] = jsonLines(again);
    expect(said).toMatchObject({ records: 7, refused: { count: 0 }, vaults: [{ patient: "ann" }] });
    expect(await ids("search", "Observation?code=8480-6&_sort=date", "--patient", "ann")).toEqual([
      "a1",
      "a2",
      "a3",
      "a4",
    ]);
    expect((await run("verify", "--patient", "ann")).code).toBe(0);
  });

  it("is one resource, by its name", async () => {
    const outcome = await run("show", "Observation/g1");
    expect(JSON.parse(outcome.stdout)).toMatchObject({ id: "g1", valueQuantity: { value: 5.4 } });
    expect((await run("show", "Observation/none")).code).toBe(2);
  });
});

describe("keys", () => {
  it("are sealed under a passphrase, which is not asked of nobody", async () => {
    const sealed = await clinic.run("sealed", ["keys", "add", "eve", "--json"], { env: SEALED });
    expect(jsonLines(sealed), sealed.stderr).toMatchObject([{ role: "reader", id: "eve" }]);
    const file = clinic.path("passphrase.txt");
    writeFileSync(file, `${PASSPHRASE}\nnot this line\n`);
    const read = await clinic.run("sealed", ["keys", "--passphrase-file", file, "--json"]);
    expect(jsonLines(read)).toMatchObject([{ role: "authority" }, { role: "reader", id: "eve" }]);
    const none = await clinic.run("sealed", ["keys"]);
    expect([none.code, none.stderr]).toEqual([4, expect.stringContaining("[no-passphrase]")]);
    const wrong = await clinic.run("sealed", ["keys"], { env: { SALUS_PASSPHRASE: "guess" } });
    expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining("[passphrase-wrong]")]);
    const missing = await clinic.run("nowhere", ["keys"], { env: SEALED });
    expect([missing.code, missing.stderr]).toEqual([4, expect.stringContaining("[home-missing]")]);
  });

  it("are unlocked at a terminal, which does not show what is typed", async () => {
    const passphrase = "correct horse";
    const command = (...args: string[]): string =>
      [process.execPath, SALUS, ...args, "--home", clinic.path("typed")].join(" ");
    const made = await typed(command("keys", "add", "eve"), [passphrase, passphrase]);
    expect([made.code, made.text]).toEqual([0, expect.stringContaining("readers/eve")]);
    expect(made.text).not.toContain(passphrase);
    const opened = await typed(command("keys", "card", "eve"), [passphrase]);
    expect([opened.code, opened.text]).toEqual([0, expect.stringMatching(/[0-9a-f]{100}/)]);
    const differ = await typed(command("keys", "add", "x").replace("typed", "other"), ["a", "b"]);
    expect([differ.code, differ.text]).toEqual([4, expect.stringContaining("passphrase-mismatch")]);
  });

  it("are in the clear only with a warning, and never printed", async () => {
    const outcome = await run("keys", "--json");
    expect(outcome.stderr).toContain("in the clear");
    const roles = jsonLines(outcome).map(({ role, id }) => [role, id].join(" "));
    expect(roles).toEqual(
      expect.arrayContaining(["authority authority", "organisation north", "patient Carl.2"]),
    );
  });
});

const SALUS = join(import.meta.dirname, "../../apps/cli/dist/salus.mjs");

/** Run a command in a terminal of its own, and type an answer to each question. */
async function typed(
  command: string,
  answers: readonly string[],
): Promise<{ readonly code: number | null; readonly text: string }> {
  const named = Object.entries(process.env).filter(([name]) => !name.startsWith("SALUS_"));
  const env = Object.fromEntries(named);
  const terminal = spawn("script", ["-qec", command, "/dev/null"], { stdio: "pipe", env });
  const left = [...answers];
  let text = "";
  let asked = 0;
  terminal.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const questions = text.split(": ").length - 1;
    if (questions > asked && left.length > 0) {
      asked = questions;
      terminal.stdin.write(`${left.shift()}\r`);
    }
  });
  const code = await new Promise<number | null>((resolve) => terminal.once("close", resolve));
  return { code, text };
}
