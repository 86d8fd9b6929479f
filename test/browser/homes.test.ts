import { type Bytes, fromHex, ok, type Result, toHex } from "@salus/base";
import type { KeyStore, StoreDamaged } from "@salus/client";
import type { ListedHome } from "@salus/client/browser";
import { keyStoreContract } from "@salus/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Loopback, openPage } from "./chromium.ts";
import type { Wish } from "./homes-worker.ts";

// Goal: what a browser keeps of somebody is durable, opens by her password or passkey and by nothing
// else, is open in one tab at a time, and shows nothing to whoever reads the disk.
// Method: homes in Debian's Chromium, in workers that are ended in the middle of things; then the
// database read, and changed, past the program.

const PASSWORD = "correct horse battery staple";
const SECRET = "held/a-secret-name";
const HOUR_MS = 3_600_000;

let loopback: Loopback;
let tab: Page;

beforeAll(async () => {
  loopback = await openPage("homes-worker.ts", undefined, true);
  tab = loopback.page;
});

afterAll(() => loopback.close());

describe("a store in Chromium", () => {
  beforeAll(() => ask({ do: "create", password: PASSWORD }));

  keyStoreContract(async () => {
    for (const name of (await ask({ do: "names", name: "" })) as readonly string[]) {
      await ask({ do: "remove", name });
    }
    return remote;
  });
});

const remote: KeyStore = {
  read: async (name) => {
    const read = (await ask({ do: "read", name })) as Result<Bytes | undefined, StoreDamaged>;
    return read.ok ? ok(read.value) : read;
  },
  write: async (name, bytes) => void (await ask({ do: "write", name, bytes })),
  remove: async (name) => void (await ask({ do: "remove", name })),
  list: async (prefix) => (await ask({ do: "names", name: prefix })) as readonly string[],
};

describe("a home in Chromium", () => {
  let id: string;
  const prf = Uint8Array.from({ length: 32 }, (_, at) => at);
  const salt = new Uint8Array(32).fill(9);
  const passkey = { credential: "AAEC", prf };

  beforeAll(async () => {
    id = (await ask({ do: "create", password: PASSWORD })) as string;
    await remote.write(SECRET, new TextEncoder().encode("what she alone may read"));
  });

  it("is not listed before somebody is admitted, and then by what she calls it", async () => {
    expect(await listed()).toEqual([]);
    await ask({ do: "admit" });
    const expected = { id, label: "mine", shared: false, passkeys: [] };
    expect(await ask({ do: "list" })).toEqual([expected]);
  });

  it("has what was written after its worker was ended at once", async () => {
    await restart();
    expect(await open({ password: "another" })).toBe("home-unopened");
    expect(await open({ password: PASSWORD })).toBe("open");
    expect(text(await remote.read(SECRET))).toBe("what she alone may read");
  });

  it("shows neither names nor values to whoever reads the database", async () => {
    const stored = await tab.evaluate(dumpInPage);
    const bytes = Buffer.from(stored.hex, "hex").toString("latin1");
    for (const plain of ["held", "secret", "alone", PASSWORD]) expect(bytes).not.toContain(plain);
    expect(bytes).toContain("mine");
    expect(stored.entries).toBeGreaterThan(2);
  });

  it("is open in one tab at a time", async () => {
    const other = await tab.context().newPage();
    await other.goto(tab.url());
    expect(await open({ password: PASSWORD }, other)).toBe("home-elsewhere");
    await restart();
    expect(await open({ password: PASSWORD }, other)).toBe("open");
    expect(await open({ password: PASSWORD })).toBe("home-elsewhere");
    await other.close();
    // The browser ends the worker of a closed tab when it gets to it.
    await expect.poll(() => open({ password: PASSWORD }), { timeout: 20_000 }).toBe("open");
  });

  it("opens by a passkey, until that is taken away", async () => {
    await ask({ do: "passkey", passkey: { ...passkey, rpId: "localhost", salt } });
    expect((await listed())[0]?.passkeys).toEqual([
      { credential: "AAEC", rpId: "localhost", salt },
    ]);
    await ask({ do: "close" });
    const wrong = { passkey: { ...passkey, prf: salt } };
    expect(await open(wrong)).toBe("home-unopened");
    expect(await open({ passkey })).toBe("open");
    expect(text(await remote.read(SECRET))).toBe("what she alone may read");
    await ask({ do: "no passkey", credential: "AAEC" });
    await ask({ do: "close" });
    expect(await open({ passkey })).toBe("home-unopened");
  });

  it("opens by a new password, and by the old one no more", async () => {
    await open({ password: PASSWORD });
    await ask({ do: "password", password: "a new one" });
    await ask({ do: "close" });
    expect(await open({ password: PASSWORD })).toBe("home-unopened");
    expect(await open({ password: "a new one" })).toBe("open");
  });

  it("says so when what it kept was changed, exchanged or taken away", async () => {
    await remote.write("pins/b", Uint8Array.of(2));
    for (const fault of ["flip", "exchange", "take"] as const) {
      await remote.write("pins/a", Uint8Array.of(1));
      await tab.evaluate(damageInPage, [fault, id] as const);
      const read = [await remote.read("pins/a"), await remote.read("pins/b")];
      const failed = read.flatMap((one) => (one.ok ? [] : [one.error.kind]));
      expect(failed, fault).toContain("store-damaged");
      await ask({ do: "remove", name: "pins/a" });
      await remote.write("pins/b", Uint8Array.of(2));
    }
  });

  it("does not open when somebody has made a guess at its password cheaper", async () => {
    await ask({ do: "close" });
    await tab.evaluate(damageInPage, ["cheapen", id] as const);
    expect(await open({ password: "a new one" })).toBe("home-damaged");
  });

  it("is gone when it is destroyed, and when it was left on a shared computer", async () => {
    const shared = (await ask({ do: "create", password: PASSWORD, shared: true })) as string;
    await ask({ do: "admit" });
    await ask({ do: "close" });
    expect((await listed()).map((home) => home.id)).toEqual([shared]);
    expect(await listed(2 * HOUR_MS)).toEqual([]);
    await ask({ do: "create", password: PASSWORD });
    await remote.write("a", Uint8Array.of(1));
    await ask({ do: "destroy" });
    expect(await open({ password: "a new one" })).toBe("home-damaged");
    expect((await tab.evaluate(dumpInPage)).homes).toEqual([id]);
  });

  function open(unlock: Extract<Wish, { readonly do: "open" }>["unlock"], page = tab) {
    return ask({ do: "open", id, unlock }, page);
  }
});

async function listed(laterMs = 0): Promise<readonly ListedHome[]> {
  return (await ask({ do: "list", laterMs })) as readonly ListedHome[];
}

function text(read: Result<Bytes | undefined, unknown>): string {
  return read.ok ? new TextDecoder().decode(read.value) : "damaged";
}

/** Ask the worker of a tab. Byte strings cross to the page as hexadecimal. */
async function ask(wish: Wish, page = tab): Promise<unknown> {
  const answer = JSON.parse(await page.evaluate(askInPage, JSON.stringify(wish, plain)), revived);
  if ("error" in answer) throw new Error(answer.error);
  return answer.value;
}

function plain(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: toHex(value) } : value;
}

function revived(_: string, value: unknown): unknown {
  const hex = (value as { hex?: string } | null)?.hex;
  if (typeof hex !== "string") return value;
  const bytes = fromHex(hex);
  return bytes.ok ? bytes.value : value;
}

/** End the worker where it is, as the browser ends one whose tab is closed. */
function restart(): Promise<void> {
  return tab.evaluate(() => {
    const scope = globalThis as { worker?: Worker };
    scope.worker?.terminate();
    delete scope.worker;
  });
}

// What follows runs in the page: nothing of this module is in scope there.

function askInPage(wish: string): Promise<string> {
  const scope = globalThis as { worker?: Worker };
  scope.worker ??= new Worker("/worker.js", { type: "module" });
  const { worker } = scope;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
    worker.postMessage(wish, [port2]);
  });
}

/** Everything that the database has, as one string of bytes. */
async function dumpInPage(): Promise<{ hex: string; entries: number; homes: readonly string[] }> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
  const database = await done(indexedDB.open("salus"));
  const names = [...database.objectStoreNames];
  const reading = database.transaction(names, "readonly");
  const all = await Promise.all(names.map((name) => done(reading.objectStore(name).getAll())));
  const keys = await Promise.all(names.map((name) => done(reading.objectStore(name).getAllKeys())));
  database.close();
  let hex = "";
  const visit = (value: unknown): void => {
    const bytes = value instanceof Uint8Array ? value : undefined;
    const text = typeof value === "string" ? new TextEncoder().encode(value) : bytes;
    for (const byte of text ?? []) hex += byte.toString(16).padStart(2, "0");
    if (text === undefined && typeof value === "object") Object.values(value ?? {}).forEach(visit);
  };
  visit([all, keys]);
  const homes = keys[names.indexOf("homes")] as string[];
  return { hex, entries: all.flat().length, homes };
}

/** Change what the database has, as somebody who can write on the disk would. */
async function damageInPage([fault, home]: readonly [string, string]): Promise<void> {
  const done = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
  const database = await done(indexedDB.open("salus"));
  const changing = database.transaction(["homes", "values"], "readwrite");
  const [homes, values] = [changing.objectStore("homes"), changing.objectStore("values")];
  if (fault === "cheapen") {
    const stored = await done(homes.get(home));
    for (const way of stored.ways) way.cost.passes = 1;
    await done(homes.put(stored));
  } else {
    // The smallest are those that the test has just written.
    const range = IDBKeyRange.bound([home], [home, []]);
    const [keys, all] = [await done(values.getAllKeys(range)), await done(values.getAll(range))];
    const least = Math.min(...all.map((value) => value.length));
    const [first = 0, second = 0] = all.flatMap((value, at) =>
      value.length === least ? [at] : [],
    );
    if (fault === "take")
      for (const at of [first, second]) await done(values.delete(keys[at] as IDBValidKey));
    else if (fault === "flip") {
      for (const at of [first, second]) {
        all[at][40] ^= 1;
        await done(values.put(all[at], keys[at]));
      }
    } else {
      await done(values.put(all[first], keys[second]));
      await done(values.put(all[second], keys[first]));
    }
  }
  database.close();
}
