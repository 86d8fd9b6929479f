import { cpSync } from "node:fs";
import { equalBytes } from "@salus/base";
import { ChainCache, httpCloud, openIdentity } from "@salus/client";
import { openHome } from "@salus/client/file";
import { unwrapBatchKey } from "@salus/crypto";
import { splitEnvelope } from "@salus/evaluate";
import { compileSearch } from "@salus/health";
import { type Query, type QueryAnswer, VaultHandle } from "@salus/protocol";
import { must } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Access, openAccesses } from "../../packages/client/src/reader/access.ts";
import { Opener, wrapsByName } from "../../packages/client/src/reader/opener.ts";
import { planSearch } from "../../packages/client/src/reader/plan.ts";
import { Neighbours, type Recorded } from "./neighbours.ts";

// Goal: the founding system in one piece: a patient, two hospitals and three practitioners, each with a
// home of their own and nothing shared but the servers, get from sign-up to a revocation that holds.
// Method: the program, process by process, as these people would type it, once they have signed up, which
// one process does for all of them; at the end the keys that one of them kept are tried on everything that
// the cloud has.

const town = new Neighbours({ standing: true });
let vault = "";
let request = "";

beforeAll(async () => {
  await town.start();
  await town.signUp("ann", "patient");
  for (const hospital of ["north", "south"]) await town.hospital(hospital);
  await town.physician("bo", "north");
  await town.physician("cy", "north");
  await town.physician("di", "south");
  await town.run("registry", ["org", "attest"]);
  town.eachAlone();
}, 300_000);
afterAll(() => town.stop());

/** A blood pressure, or another number under a category. */
function observation(id: string, who: string, category = "vital-signs", value = 150): Recorded {
  const system = "http://terminology.hl7.org/CodeSystem/observation-category";
  const resource = {
    resourceType: "Observation",
    id,
    status: "final",
    category: [{ coding: [{ system, code: category }] }],
    code: { coding: [{ system: "http://loinc.org", code: "8480-6" }], text: "Pressure" },
    effectiveDateTime: "2024-01-01",
    valueQuantity: { value, unit: "mmHg", system: "http://unitsofmeasure.org", code: "mm[Hg]" },
  };
  return { resource, path: [who] };
}

const HIGH = "Observation?code=8480-6&value-quantity=gt140";

describe("a patient, two hospitals and three practitioners", { timeout: 120_000 }, () => {
  it("let the hospitals in, by an invitation each", async () => {
    vault = await town.associate("ann", "north");
    expect(await town.associate("ann", "south")).toBe(vault);
    const tree = await town.run("ann", ["org", "tree"]);
    expect(tree.stdout.match(/\[(\w+)\]/g)).toEqual(["[north]", "[bo]", "[cy]", "[south]", "[di]"]);
  });

  it("upload while the patient is offline, and she finds it", async () => {
    const north = [observation("n1", "bo"), observation("n2", "cy", "laboratory")];
    expect(await town.upload("north", vault, north)).toBe(2);
    expect(await town.upload("south", vault, [observation("s1", "di")])).toBe(1);
    expect(await town.found("ann", HIGH)).toEqual(["n1", "n2", "s1"]);
  });

  it("find her by an identifier that the directory does not learn, and nobody by another", async () => {
    const unknown = await town.json<Mailbox>("bo", ["find", "email:nobody@example.org"]);
    await town.run("ann", ["identifiers", "add", "email:Ann@Example.org"]);
    const known = await town.json<Mailbox>("bo", ["find", "email:ann@example.org"]);
    expect([known.mailbox, unknown.mailbox]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ]);
    expect(known.mailbox).not.toBe(unknown.mailbox);
  });

  it("ask, and the patient sees who asks for what, and by what she was found", async () => {
    const what = [
      "--category",
      "vitals,laboratory",
      "--until",
      "30d",
      "--note",
      "Before \u202ewe meet",
    ];
    const asked = await town.json<{ request: string }>("bo", [
      ...["request", "email:ann@example.org"],
      ...what,
    ]);
    request = asked.request;
    const nobody = ["request", "email:nobody@example.org", "--category", "all", "--until", "1d"];
    await town.run("bo", nobody);
    const { stdout } = await town.run("ann", ["requests"]);
    expect(stdout).toContain(`Request ${request}`);
    expect(stdout).toMatch(/from +bo of Town \[bo\], north Hospital/);
    expect(stdout).toMatch(/looked up by +email:ann@example.org/);
    expect(stdout).toContain("bo of Town [bo] looked for you by email:ann@example.org");
    expect(stdout).not.toContain("\u202e");
    const own = await town.run("bo", ["requests", "--json"]);
    const states = own.stdout.trim().split("\n");
    expect(states.map((line) => JSON.parse(line).state)).toEqual(["waiting", "waiting"]);
  });

  it("are read nothing before she answers, nor without the passphrase", async () => {
    expect(await town.try("bo", ["search", HIGH])).toMatchObject({ code: 5 });
    const args = ["approve", request.slice(0, 8), "--yes"];
    const wrong = { SALUS_PASSPHRASE: "another one" };
    const refused = await town.try("ann", args, { env: wrong });
    expect([refused.code, refused.stderr]).toEqual([
      4,
      expect.stringContaining("passphrase-wrong"),
    ]);
    const wider = await town.try("ann", [...args, "--category", "vitals,genetics"]);
    expect([wider.code, wider.stderr]).toEqual([2, expect.stringContaining("wider-than-asked")]);
    const unasked = await town.try("ann", args.slice(0, 2));
    expect([unasked.code, unasked.stderr]).toEqual([4, expect.stringContaining("not-confirmed")]);
  });

  it("get what she narrows it to, which is what she was shown", async () => {
    const args = ["approve", request.slice(0, 8), "--category", "vitals", "--until", "7d", "--yes"];
    const { stdout, stderr } = await town.run("ann", [...args, "--json"]);
    const signed = JSON.parse(stdout) as Signed;
    expect(signed).toMatchObject({ request, categories: ["vitals"], together: true });
    // One for each source and device, and one for the root.
    expect(signed.grants).toHaveLength(3);
    expect(stderr).toMatch(/may read +north Hospital \[north\]: vitals\n/);
    expect(stderr).toMatch(/until .*\(7 days\)/);
    const again = await town.try("ann", args);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("unknown-name")]);
    const grants = await town.json<Received>("bo", ["grants"]);
    expect(grants).toMatchObject({ request, vault, state: "live" });
    expect(grants.sources.map(({ node, categories }) => [node, categories])).toEqual([
      ["north", ["vitals"]],
      ["south", ["vitals"]],
    ]);
  });

  it("search both hospitals at once, in that category alone, and others do not", async () => {
    expect(await town.found("bo", HIGH)).toEqual(["n1", "s1"]);
    for (const other of ["cy", "di"]) {
      expect(await town.try(other, ["search", HIGH])).toMatchObject({ code: 5 });
    }
  });

  it("write through their hospital, and find that at once", async () => {
    expect(await town.upload("north", vault, [observation("w1", "bo")])).toBe(1);
    expect(await town.found("bo", HIGH)).toEqual(["n1", "s1", "w1"]);
    const { stdout } = await town.run("ann", ["search", "Observation?_id=w1", "--json"]);
    const [match = ""] = stdout.split("\n");
    expect(JSON.parse(match)).toMatchObject({ path: ["north", "bo"] });
  });

  it("are written down, in words that the patient alone reads", async () => {
    const { stdout } = await town.run("ann", ["log", "--json"]);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Entry);
    expect(lines.at(-1)).toMatchObject({ findings: 0, directory: { unlogged: 0 }, evidence: 0 });
    const searches = lines.filter(({ action }) => action === "search");
    expect(searches.length).toBeGreaterThan(0);
    for (const { who, query } of searches) expect([who, query]).toEqual(["bo of Town [bo]", HIGH]);
    const events = await town.run("ann", ["log", "--events", "--yes"]);
    const [event = ""] = events.stdout.split("\n");
    expect(JSON.parse(event)).toMatchObject({ resourceType: "AuditEvent", type: { code: "rest" } });
  });

  it("may read for longer, and then less", async () => {
    // Longer than was asked: that is the patient's to give.
    const longer = ["extend", request.slice(0, 8), "--until", "40d", "--yes"];
    const extended = await town.json<Given>("ann", longer);
    expect(extended).toMatchObject({ request, who: "bo of Town", state: "live" });
    expect(extended.left).toBeGreaterThan(39 * 86_400_000);
    expect(await town.json("bo", ["grants"])).toMatchObject({ state: "live" });
    const { stdout } = await town.run("bo", ["grants"]);
    expect(stdout).toMatch(/40 days/);
    const less = ["narrow", request.slice(0, 8), "--source", "north"];
    const narrowed = await town.json<Given>("ann", less);
    expect([narrowed.request, narrowed.sources.length]).toEqual([request, 1]);
    expect(await town.found("bo", HIGH)).toEqual(["n1", "w1"]);
    const shorter = ["extend", request.slice(0, 8), "--until", "1d", "--yes"];
    expect(await town.try("ann", shorter)).toMatchObject({ code: 2 });
  });

  it("read nothing once she has revoked it: not with the home, nor with the keys that were kept", async () => {
    cpSync(town.path("bo"), town.path("bo-kept"), { recursive: true });
    const keys = await keysOf("bo");
    const revoke = ["revoke", request.slice(0, 8)];
    expect(await town.json("ann", revoke)).toMatchObject({ request, state: "revoked", left: 0 });
    for (const home of ["bo", "bo-kept"]) {
      expect(await town.try(home, ["search", HIGH]), home).toMatchObject({ code: 5 });
    }
    expect(await town.json("bo", ["grants", "--all"])).toMatchObject({ state: "revoked" });
    const [half, rest] = [numbered("north", "bo"), numbered("south", "di")];
    expect(await town.upload("north", vault, half)).toBe(50);
    expect(await town.upload("south", vault, rest)).toBe(50);
    expect(await town.found("ann", HIGH)).toHaveLength(4 + 100);
    const { found, opened, unopened } = await tryKept(keys);
    expect({ found, opened, unopened }).toEqual({ found: 2, opened: 2, unopened: 102 });
    expect(await town.try("bo", ["search", HIGH])).toMatchObject({ code: 5 });
  });

  it("end a hospital, which writes no more", async () => {
    const { stdout } = await town.run("ann", ["dissociate", "south", "--yes"]);
    expect(stdout).toMatch(/^south Hospital \[[0-9a-f]{8}\] writes no more\n$/);
    const again = await town.try("ann", ["dissociate", "south", "--yes"]);
    expect(again.code).not.toBe(0);
    await expect(town.upload("south", vault, [observation("late", "di")])).rejects.toThrow();
    expect(await town.found("ann", HIGH)).toHaveLength(4 + 100);
  });
});

const numbered = (hospital: string, who: string): readonly Recorded[] =>
  Array.from({ length: 50 }, (_, at) => observation(`${hospital}-new-${at}`, who));

/** The keys that a practitioner's home holds, while her grant is in force. */
async function keysOf(home: string): Promise<Access> {
  const opened = must(
    await openHome(town.path(`${home}/practitioners/${home}`), { kind: "clear" }),
  );
  const identity = must(await openIdentity(opened.store, "practitioner"));
  const said = { deed: { action: "search", query: "" }, who: { name: "", node: "" } } as const;
  const cloud = httpCloud(town.cloud);
  const at = { cloud, identity, store: opened.store, ...said, chains: new ChainCache() };
  const listed = must(await cloud.vaults(identity.caller(), undefined));
  const grants = listed.vaults.flatMap((one) => one.grants);
  const keys: Access[] = [];
  for (const grant of grants) {
    keys.push(...must(await openAccesses(at, must(VaultHandle.fromHex(vault)), grant)));
  }
  await opened.close();
  const [access] = keys;
  if (access === undefined) throw new Error("the grant is in force");
  return access;
}

/** What kept keys do with everything that the cloud has, were it to give it to them. */
async function tryKept(
  kept: Access,
): Promise<{ readonly found: number; readonly opened: number; readonly unopened: number }> {
  const root = must(await openHome(town.path("ann"), PASSPHRASE));
  const home = must(await root.child("patients/ann"));
  const caller = must(await openIdentity(home.store)).caller();
  const cloud = httpCloud(town.cloud);
  const handle = must(VaultHandle.fromHex(vault));
  const search = must(compileSearch(HIGH, { policy: kept.policy, now: Date.now() }));
  const plan = planSearch(search, { keys: kept.keys, rootIsWhole: true });
  const clauses = plan?.clauses ?? [];
  const asked = must(await cloud.query(caller, handle, { ...EVERYTHING, clauses }));
  const whole = must(await cloud.query(caller, handle, EVERYTHING));
  await home.close();
  await root.close();
  const opener = new Opener(kept);
  opener.learn(whole.certificates);
  const wraps = wrapsByName(whole.wraps);
  const opens = await Promise.all(
    whole.candidates.map(async (candidate) => (await opener.open(candidate, wraps)).ok),
  );
  for (const [at, candidate] of whole.candidates.entries()) {
    if (opens[at] === false) expect(await opensByAnyCell(kept, whole, candidate)).toBe(false);
  }
  const opened = opens.filter(Boolean).length;
  return { found: asked.candidates.length, opened, unopened: opens.length - opened };
}

/** Not even with a cell's key in place of another's. */
async function opensByAnyCell(
  kept: Access,
  { wraps }: QueryAnswer,
  { envelope }: QueryAnswer["candidates"][number],
): Promise<boolean> {
  const { header } = must(splitEnvelope(envelope));
  const wrap = wraps.find(({ batch }) => equalBytes(batch, header.batch));
  if (wrap === undefined) return false;
  const place = { vault: must(VaultHandle.fromHex(vault)), cell: header.cell, batch: header.batch };
  for (const { kem } of kept.keys.cells) {
    if ((await unwrapBatchKey(kem, place, wrap)).ok) return true;
  }
  return false;
}

const PASSPHRASE = { kind: "passphrase", passphrase: "passphrase of ann" } as const;

const EVERYTHING: Query = {
  clauses: [],
  order: [],
  descending: false,
  sources: [],
  limit: 1000,
  cursor: new Uint8Array(0),
  total: false,
};

interface Mailbox {
  readonly mailbox: string;
}
interface Signed {
  readonly grants: readonly object[];
}
interface Received {
  readonly sources: readonly { readonly node: string; readonly categories: readonly string[] }[];
}
interface Given {
  readonly request: string;
  readonly left: number;
  readonly sources: readonly string[];
}
interface Entry {
  readonly action: string | null;
  readonly who: string;
  readonly query: string;
}
