import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyStoreContract } from "@salus/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  checkUnlock,
  type Home,
  homeState,
  openHome,
  openOrCreateHome,
  Passphrase,
} from "../src/file/index.ts";

// Goal: a home keeps its secrets from whoever has its files and not its passphrase, survives a crash,
// and is never written by two processes.
// Method: the contract suite over both kinds of home, then faults planted in its files.

let root: string;
let homes = 0;
/** One derivation for the whole file: what a process does too. */
const passphrase = new Passphrase("correct horse");

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "salus-home-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function sealedRoot(): Promise<Home> {
  const opened = await openOrCreateHome(join(root, "sealed"), { kind: "passphrase", passphrase });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

async function clearHome(): Promise<Home> {
  homes += 1;
  const opened = await openOrCreateHome(join(root, `clear-${homes}`), { kind: "clear" });
  if (!opened.ok) throw new Error(opened.error.kind);
  return opened.value;
}

/** A fresh home below one root, so that the passphrase is derived once. */
async function sealedHome(): Promise<Home> {
  homes += 1;
  const parent = await sealedRoot();
  const child = await parent.child(`child/${homes}`);
  await parent.close();
  if (!child.ok) throw new Error(child.error.kind);
  return child.value;
}

describe("in the clear", () => keyStoreContract(async () => (await clearHome()).store));
describe("sealed", () => keyStoreContract(async () => (await sealedHome()).store));

describe("a sealed home", () => {
  it("holds no byte of what it keeps, and opens again", async () => {
    const home = await sealedHome();
    await home.store.write("account", new TextEncoder().encode("a secret that nobody reads"));
    const stored = await readFile(join(home.path, "store", "account"));
    expect(stored.includes("secret")).toBe(false);
    await home.close();
    const again = await openHome(home.path, { kind: "passphrase", passphrase });
    expect(again.ok && (await again.value.store.read("account"))).toMatchObject({ ok: true });
    expect(await homeState(home.path)).toBe("sealed");
  });

  it("tells a wrong passphrase from a missing one", async () => {
    const home = await sealedHome();
    await home.close();
    const wrong = await openHome(home.path, { kind: "passphrase", passphrase: "incorrect" });
    expect(wrong).toMatchObject({ ok: false, error: { kind: "passphrase-wrong" } });
    const none = await openHome(home.path, { kind: "clear" });
    expect(none).toMatchObject({ ok: false, error: { kind: "passphrase-needed" } });
  });

  it("says whether a passphrase is its own while it is open", async () => {
    const home = await sealedHome();
    const check = (text: string | Passphrase) =>
      checkUnlock(home.path, { kind: "passphrase", passphrase: text });
    expect(await check(passphrase)).toEqual({ ok: true, value: undefined });
    expect(await check("incorrect")).toMatchObject({ error: { kind: "passphrase-wrong" } });
    const none = await checkUnlock(home.path, { kind: "clear" });
    expect(none).toMatchObject({ error: { kind: "passphrase-needed" } });
    const absent = await checkUnlock(join(home.path, "absent"), { kind: "clear" });
    expect(absent).toMatchObject({ error: { kind: "home-missing" } });
    await home.close();
  });

  it("refuses a file that was changed, cut, or moved to another name or home", async () => {
    const home = await sealedHome();
    const other = await sealedHome();
    await home.store.write("pins/a", Uint8Array.of(1, 2, 3));
    const path = join(home.path, "store", "pins", "a");
    const stored = await readFile(path);
    const changed = Uint8Array.from(stored);
    changed[20] = (changed[20] as number) ^ 1;
    const inTheClear = Uint8Array.of(0, 1, 2, 3);
    for (const fault of [changed, stored.subarray(0, 12), stored.subarray(1), inTheClear]) {
      await writeFile(path, fault);
      expect(await home.store.read("pins/a")).toEqual({
        ok: false,
        error: { kind: "store-damaged", name: "pins/a" },
      });
    }
    await writeFile(join(home.path, "store", "pins", "b"), stored);
    expect((await home.store.read("pins/b")).ok).toBe(false);
    await other.store.write("pins/a", Uint8Array.of(1));
    await writeFile(join(other.path, "store", "pins", "a"), stored);
    expect((await other.store.read("pins/a")).ok).toBe(false);
  });

  it("refuses a home whose passphrase was made cheaper to guess", async () => {
    const home = await sealedHome();
    await home.close();
    const file = join(home.path, "home.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"passes": 3', '"passes": 1'));
    const opened = await openHome(home.path, { kind: "passphrase", passphrase });
    expect(opened).toMatchObject({ ok: false, error: { kind: "home-damaged" } });
  });

  it("is readable by its owner only, and leaves no temporary file", async () => {
    const home = await sealedHome();
    await home.store.write("pins/a", Uint8Array.of(1));
    const mode = async (...path: readonly string[]): Promise<number> =>
      (await stat(join(home.path, ...path))).mode & 0o777;
    expect(await mode()).toBe(0o700);
    expect(await mode("store", "pins")).toBe(0o700);
    expect(await mode("home.json")).toBe(0o600);
    expect(await mode("store", "pins", "a")).toBe(0o600);
    expect(await readdir(join(home.path, "store", "pins"))).toEqual(["a"]);
  });

  it("does not print its passphrase", () => {
    expect(JSON.stringify({ passphrase })).toBe('{"passphrase":"[passphrase]"}');
  });
});

describe("the lock", () => {
  it("is taken before a home is made: of two that make one, one gets it, and it opens again", async () => {
    homes += 1;
    const path = join(root, `contested-${homes}`);
    const unlocks = [{ kind: "passphrase", passphrase }, { kind: "clear" }] as const;
    const made = await Promise.all(unlocks.map((unlock) => openOrCreateHome(path, unlock)));
    expect(made.map(({ ok }) => ok)).toEqual([true, false]);
    expect(made[1]).toMatchObject({ error: { kind: "home-locked" } });
    const [first] = made;
    if (!first?.ok) return;
    await first.value.store.write("account", Uint8Array.of(1));
    await first.value.close();
    const again = await openHome(path, unlocks[0]);
    expect(again.ok && (await again.value.store.read("account"))).toMatchObject({ ok: true });
  });

  it("keeps a second part of this process out until the first lets go", async () => {
    const home = await clearHome();
    const locked = await openHome(home.path, { kind: "clear" });
    expect(locked).toMatchObject({ error: { kind: "home-locked", process: process.pid } });
    await home.close();
    expect((await openHome(home.path, { kind: "clear" })).ok).toBe(true);
  });

  it("names the other process that holds it, and is taken over when that one is gone", async () => {
    const home = await clearHome();
    await home.close();
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const stat = await readFile(`/proc/${other.pid}/stat`, "utf8");
    const start = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    await writeFile(join(home.path, "lock"), `${other.pid} ${start}\n`);
    const locked = await openHome(home.path, { kind: "clear" });
    expect(locked).toMatchObject({ error: { kind: "home-locked", process: other.pid } });
    other.kill("SIGKILL");
    await once(other, "exit");
    expect((await openHome(home.path, { kind: "clear" })).ok).toBe(true);
  });

  it("is taken over where somebody else has ended while she took it over", async () => {
    const home = await clearHome();
    await home.close();
    for (const name of ["lock", "lock.clearing", "lock.clearing.clearing"]) {
      await writeFile(join(home.path, name), "4194305 1\n");
    }
    expect((await openHome(home.path, { kind: "clear" })).ok).toBe(true);
    const left = (await readdir(home.path)).filter((name) => name.startsWith("lock"));
    expect(left).toEqual(["lock"]);
  });

  it("does not take another process for the holder because it got its number", async () => {
    const home = await clearHome();
    await home.close();
    const parent = Number(execFileSync("ps", ["-o", "ppid=", "-p", String(process.pid)]));
    await writeFile(join(home.path, "lock"), `${parent} 1\n`);
    expect((await openHome(home.path, { kind: "clear" })).ok).toBe(true);
  });
});

describe("what a process that was killed left half written", () => {
  const draft = "0123456789ab.tmp";

  it("is gone once the home is opened, and nothing else is", async () => {
    const home = await clearHome();
    await home.store.write("outbox/a", Uint8Array.of(1));
    const child = await home.child("sources/a");
    await home.close();
    const mine = [`home.json.${draft}`, `store/account.${draft}`, `store/outbox/b.${draft}`];
    const others = ["notes.tmp", "store/outbox/c.tmp", `sources/a/store/account.${draft}`];
    for (const name of [...mine, ...others]) await writeFile(join(home.path, name), "half");
    const opened = await openHome(home.path, { kind: "clear" });
    const left = await readdir(home.path, { recursive: true });
    expect(mine.filter((name) => left.includes(name))).toEqual([]);
    expect(others.filter((name) => left.includes(name))).toEqual(others);
    expect(opened.ok && (await opened.value.store.read("outbox/a"))).toMatchObject({ ok: true });
    if (child.ok) await child.value.close();
  });

  it("stays while another process has the home, and when it does not open", async () => {
    const home = await sealedHome();
    const half = join(home.path, "store", `account.${draft}`);
    await writeFile(half, "half");
    expect((await openHome(home.path, { kind: "passphrase", passphrase })).ok).toBe(false);
    await home.close();
    expect((await openHome(home.path, { kind: "clear" })).ok).toBe(false);
    expect((await stat(half)).isFile()).toBe(true);
  });
});

describe("children", () => {
  it("are listed, and open by themselves", async () => {
    const parent = await sealedRoot();
    for (const name of ["sources/b", "sources/a"]) {
      const child = await parent.child(name);
      if (child.ok) await child.value.close();
    }
    expect(await parent.children("sources")).toEqual(["a", "b"]);
    expect(await parent.children("patients")).toEqual([]);
    const alone = await openHome(join(parent.path, "sources", "a"), {
      kind: "passphrase",
      passphrase,
    });
    expect(alone.ok && alone.value.sealed).toBe(true);
    await parent.close();
  });
});
