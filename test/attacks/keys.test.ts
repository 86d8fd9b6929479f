import { type Bytes, compareBytes } from "@salus/base";
import {
  Account,
  type AccountError,
  type Directory,
  memoryKeyStore,
  recover,
  SignUp,
  signIn,
} from "@salus/client";
import {
  DeviceSecret,
  drawDevice,
  drawKey,
  drawUnlock,
  encodeHeld,
  KemPair,
  Phrase,
  rootKey,
  Signer,
  signLink,
  unlockPair,
  wrapRoots,
} from "@salus/crypto";
import { type AccountState, readAccount } from "@salus/evaluate";
import { AccountHandle, type ChainHead, OpenerId, type RootWrap } from "@salus/protocol";
import { flipped, lyingDirectory, must } from "@salus/testkit";
import { ready, server } from "@serenity-kit/opaque";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDirectory, type TestDirectory } from "../../apps/directory/test/harness.ts";
import { openAsDevice } from "../../packages/client/src/account/opening.ts";
import { RandomStream, watched } from "../../packages/crypto/src/random.ts";
import { linksOf, restarted, signerOf, wrapsOf } from "../accounts/liar.ts";
import {
  Authenticator,
  connect,
  kindOf,
  PASSWORD,
  type SignedUp,
  signUp,
} from "../accounts/person.ts";

// Goal: the attacks on keys that docs/threat-model.md names end as it says.
// Method: a real directory behind one that lies. Where an outsider could not make the lie, the liar
// has the key of one of her devices, so that no other check can refuse it first.

let running: TestDirectory;
let honest: Directory;
let ada: SignedUp;
let bob: SignedUp;
let chain: readonly Bytes[];
let state: AccountState;

beforeAll(async () => {
  await ready;
  running = await startTestDirectory();
  honest = connect(running.url);
  [ada, bob] = [await signUp(honest), await signUp(honest, { roles: ["practitioner"] })];
  chain = await linksOf(honest, ada);
  state = must(readAccount(chain));
});

afterAll(() => running.stop());

/** What a device makes of links that the directory shows. */
async function shown(
  who: SignedUp,
  links: readonly Bytes[],
  options: { readonly pinned?: boolean } = {},
): Promise<AccountError | undefined> {
  const lies = { accountChain: () => ({ links, more: false }) };
  const account = await restarted(honest, who, lies, options);
  const synced = await account.sync();
  return synced.ok ? undefined : synced.error;
}

/** A new `account/root` over the same root, signed by her device. */
function sealing(wraps: readonly RootWrap[], head: ChainHead = state.head): Bytes {
  const root = state.roots.at(-1) as NonNullable<(typeof state.roots)[number]>;
  return signLink(signerOf(ada), "account/root", head, Date.now(), { root, wraps }).signed;
}

describe("K-03 a ghost device", () => {
  it.each(["patient", "practitioner"] as const)("of a %s is refused", async (role) => {
    const victim = role === "patient" ? ada : bob;
    const links = await linksOf(honest, victim);
    const { head } = must(readAccount(links));
    const ghost = new Signer(drawKey("sign-seed"));
    const pair = new KemPair(drawKey("kem-seed"), 1);
    const device = { id: drawDevice(), sign: ghost.key, ...pair.public };
    const add = { op: "add", device } as const;
    const { signed } = signLink(ghost, "account/device", head, Date.now(), add);
    expect(await shown(victim, [...links, signed])).toMatchObject({
      kind: "account-invalid",
      problem: "unknown-device",
    });
    // Nor does an append that ends before the roots are sealed count.
    const half = signLink(signerOf(victim), "account/device", head, Date.now(), add).signed;
    expect(await shown(victim, [...links, half])).toMatchObject({
      kind: "account-invalid",
      problem: "chain-fields",
    });
  });
});

describe("K-04 an escrow key of the directory", () => {
  it("that no device signed is refused", async () => {
    const ghost = new Signer(drawKey("sign-seed"));
    const pair = unlockPair("phrase", Phrase.draw().secret, state.account);
    const unlock = { id: drawUnlock(), kind: "phrase", ...pair.public } as const;
    const add = { op: "add", unlock } as const;
    const { signed } = signLink(ghost, "account/unlock", state.head, Date.now(), add);
    expect(await shown(ada, [...chain, signed])).toMatchObject({
      kind: "account-invalid",
      problem: "unknown-device",
    });
  });

  it("beside the wraps of those who are listed is `unlisted-wrap`, and login stops", async () => {
    const { roots } = ada.account.held;
    const escrow = unlockPair("phrase", Phrase.draw().secret, state.account);
    const [place] = [{ account: state.account, seq: state.head.seq + 1, to: drawUnlock() }];
    const opened = { roots, vault: undefined, secret: DeviceSecret.draw() };
    const extra = { to: OpenerId.of(place.to), wrap: await wrapRoots(escrow, place, opened) };
    const wraps = [...(await wrapsOf(state, roots)), extra];
    const links = [...chain, sealing(wraps.sort((a, b) => compareBytes(a.to, b.to)))];
    expect(await shown(ada, links)).toEqual({ kind: "unlisted-wrap" });
    const directory = lyingDirectory(honest, { accountChain: () => ({ links, more: false }) });
    const { login } = ada;
    const again = { login, password: PASSWORD, role: "patient" } as const;
    // A device of its own: a sign-in that fails leaves nobody signed in.
    const { store } = await restarted(honest, ada, {}, { pinned: true });
    expect(kindOf(await signIn({ directory, store }, again))).toBe("unlisted-wrap");
  });

  it("over an account of its own making, that lists her public keys, opens for nobody", async () => {
    const victim = await signUp(honest);
    const app = await Authenticator.addTo(victim.account);
    const ways = must(readAccount(await linksOf(honest, victim))).unlocks;
    const { links, handle } = await counterfeit([...ways.values()]);
    const directory = lyingDirectory(honest, {
      secondFactor: (session) => ({ ...session, account: handle }),
      accountChain: (_page, _caller, from) => ({ links: links.slice(from), more: false }),
      recover: (begun) => ({ ...begun, links, more: false, account: handle }),
    });
    const { login, deviceSecret, phrase } = victim;
    const signedIn = await signIn(
      { directory, store: memoryKeyStore() },
      { login, password: PASSWORD, role: "patient", second: app.second, deviceSecret },
    );
    expect(kindOf(signedIn)).toBe("unlisted-wrap");
    const recovered = await recover(
      { directory, store: memoryKeyStore() },
      { login, phrase, newPassword: "new" },
    );
    expect(kindOf(recovered)).toBe("unlisted-wrap");
  });
});

/** An account whose root somebody else knows, with the ways to unlock of another. */
async function counterfeit(
  ways: readonly { readonly id: Bytes; readonly kind: string }[],
): Promise<{ readonly links: readonly Bytes[]; readonly handle: AccountHandle }> {
  const signer = new Signer(drawKey("sign-seed"));
  const root = drawKey("account-root");
  const pair = new KemPair(drawKey("kem-seed"), 1);
  const device = { id: drawDevice(), sign: signer.key, ...pair.public };
  const fields = { device, root: rootKey(root), salt: new Uint8Array(16) };
  const genesis = signLink(signer, "account/genesis", undefined, Date.now(), fields);
  const handle = AccountHandle.of(genesis.head.hash);
  const links = [genesis.signed];
  let { head } = genesis;
  for (const way of ways) {
    const { id, kind, suite, kem } = way as never as {
      id: never;
      kind: never;
      suite: 1;
      kem: never;
    };
    const unlock = { id, kind, suite, kem };
    const link = signLink(signer, "account/unlock", head, Date.now(), { op: "add", unlock });
    links.push(link.signed);
    head = link.head;
  }
  const openers = [device, ...(ways as unknown as (typeof device)[])];
  const opened = { roots: [root], vault: undefined, secret: DeviceSecret.draw() };
  const wraps = await Promise.all(
    openers.map(async (opener) => {
      const to = OpenerId.of(opener.id);
      const place = { account: handle, seq: head.seq + 1, to };
      return { to, wrap: await wrapRoots(opener, place, opened) };
    }),
  );
  wraps.sort((a, b) => compareBytes(a.to, b.to));
  const sealed = { root: rootKey(root), wraps };
  links.push(signLink(signer, "account/root", head, Date.now(), sealed).signed);
  must(readAccount(links));
  return { links, handle };
}

describe("K-05 a wrapped root", () => {
  it("with any byte changed is refused with its link", async () => {
    const last = chain.at(-1) as Bytes;
    const changed = (at: number): readonly Bytes[] => [
      ...chain.slice(0, -1),
      flipped(last, 8 * at + (at % 8)),
    ];
    const positions = Array.from(last, (_, at) => at);
    expect(positions.filter((at) => readAccount(changed(at)).ok)).toEqual([]);
    const kinds = new Set<string>();
    for (let at = 0; at < last.length; at += 101) {
      kinds.add((await shown(ada, changed(at)))?.kind ?? "accepted");
    }
    expect([...kinds]).toEqual(["account-invalid"]);
  });

  it("with any byte changed by who can sign, or another person's, is `key-integrity`", async () => {
    const { id, device, roots } = ada.account.held;
    const wraps = await wrapsOf(state, roots);
    const others = await wrapsOf(
      must(readAccount(await linksOf(honest, bob))),
      bob.account.held.roots,
    );
    // What is sealed in order, and is not the account's root.
    const foreign = (await wrapsOf(state, [drawKey("account-root")])).filter((w) => isFor(w, id));
    const mine = wraps.find((item) => isFor(item, id))?.wrap as RootWrap["wrap"];
    const { enc, ct } = mine;
    const altered = [
      ...Array.from(enc, (_, at) => ({ ...mine, enc: flipped(enc, 8 * at + (at % 8)) })),
      ...Array.from(ct, (_, at) => ({ ...mine, ct: flipped(ct, 8 * at + (at % 8)) })),
      ...[...others, ...foreign].map(({ wrap }) => wrap),
    ];
    const outcomes = new Set<string>();
    for (const [at, wrap] of altered.entries()) {
      const changed = wraps.map((item) => (isFor(item, id) ? { ...item, wrap } : item));
      const sealed = { seq: state.head.seq + 1, wraps: changed };
      outcomes.add(kindOf(await openAsDevice({ ...state, sealed }, id, device)));
      if (at % 101 !== 0 && at < altered.length - others.length - 1) continue;
      outcomes.add((await shown(ada, [...chain, sealing(changed)]))?.kind ?? "accepted");
    }
    expect([...outcomes]).toEqual(["key-integrity"]);
    const sealed = { seq: state.head.seq + 1, wraps };
    expect(kindOf(await openAsDevice({ ...state, sealed }, id, device))).toBe("ok");
  });

  it("does not open with a device root that was changed where it is kept", async () => {
    const held = { ...ada.account.held, device: drawKey("device-root") };
    const account = await restarted(honest, ada, {});
    await account.store.write("held", encodeHeld(held));
    // The directory takes it for nobody; what it would open is not to be opened by another key.
    const opened = must(await Account.open({ directory: honest, store: account.store }));
    expect(await opened.sync()).toMatchObject({ error: { problem: "session-ended" } });
    const page = { ok: true, value: { links: chain, more: false } } as const;
    const directory = { ...honest, accountChain: async () => page };
    const shownAll = must(await Account.open({ directory, store: account.store }));
    expect(kindOf(await shownAll.sync())).toBe("key-integrity");
  });
});

function isFor({ to }: RootWrap, id: Bytes): boolean {
  return compareBytes(to, id) === 0;
}

describe("K-06 a cheaper guess", () => {
  it.each([
    ["one pass", { memoryKiB: 65_536, passes: 1 }],
    ["8 KiB", { memoryKiB: 8, passes: 3 }],
    ["none at all", { memoryKiB: 0, passes: 0 }],
  ])("of %s is refused before anything of the password leaves", async (_, kdf) => {
    const asked: string[] = [];
    const lying = lyingDirectory(honest, { about: (info) => ({ ...info, kdf }) });
    const directory = new Proxy(lying, {
      get: (port, route: keyof Directory) => {
        asked.push(route);
        return port[route];
      },
    });
    const { login, phrase } = ada;
    const begun = new SignUp({ login: "new", password: PASSWORD, roles: ["patient"] });
    const typed = begun.phrase.words.join(" ");
    const role = "patient";
    const store = memoryKeyStore();
    const outcomes = [
      await begun.finish({ directory, store }, typed),
      await signIn({ directory, store }, { login, password: PASSWORD, role }),
      await recover({ directory, store }, { login, phrase, newPassword: "new" }),
    ];
    expect(outcomes.map(kindOf)).toEqual(["kdf-floor", "kdf-floor", "kdf-floor"]);
    const account = must(await Account.open({ directory, store: ada.store }));
    asked.length = 0;
    expect(kindOf(await account.sessions.stepUp({ password: PASSWORD }))).toBe("kdf-floor");
    expect(kindOf(await account.unlocks.changePassword("new"))).toBe("kdf-floor");
    expect(new Set(asked)).toEqual(new Set(["about"]));
  });
});

describe("K-07 another server key", () => {
  it("than was pinned is refused before a sign-in begins", async () => {
    const other = server.getPublicKey(server.createSetup());
    const opaque = Uint8Array.from(Buffer.from(other, "base64url"));
    const directory = lyingDirectory(honest, { about: (info) => ({ ...info, opaque }) });
    const { login, store } = ada;
    const again = await signIn(
      { directory, store },
      { login, password: PASSWORD, role: "patient" },
    );
    expect(kindOf(again)).toBe("server-key-changed");
  });

  it("than the directory says it has is refused when a password is registered", async () => {
    const serverSetup = server.createSetup();
    const directory = lyingDirectory(honest, {
      signUp: (started, _caller, { registration }) => {
        const { registrationResponse } = server.createRegistrationResponse({
          serverSetup,
          userIdentifier: "anybody",
          registrationRequest: Buffer.from(registration).toString("base64url"),
        });
        const response = Uint8Array.from(Buffer.from(registrationResponse, "base64url"));
        return { ...started, response };
      },
    });
    const begun = new SignUp({ login: "new", password: PASSWORD, roles: ["patient"] });
    const store = memoryKeyStore();
    const made = await begun.finish({ directory, store }, begun.phrase.words.join(" "));
    expect(kindOf(made)).toBe("server-key-changed");
    expect(await store.list("held")).toEqual([]);
  });
});

describe("K-10 an old chain", () => {
  it("in which a device that was removed is alive again is `rollback`", async () => {
    const victim = await signUp(honest);
    const before = await linksOf(honest, victim);
    const pair = new KemPair(drawKey("kem-seed"), 1);
    const device = { id: drawDevice(), sign: new Signer(drawKey("sign-seed")).key, ...pair.public };
    must(
      await victim.account.change((draft) => {
        draft.addDevice(device);
        return { ok: true, value: undefined };
      }),
    );
    const added = await linksOf(honest, victim);
    must(await victim.account.devices.remove(device.id));
    const rollback = { kind: "rollback", what: "account" };
    const pinned = { pinned: true };
    expect(await shown(victim, before, pinned)).toMatchObject(rollback);
    expect(await shown(victim, added, pinned)).toMatchObject(rollback);
    // As long, and another one: what the removed device's friends would write.
    const fork = must(readAccount(added));
    const root = fork.roots.at(-1) as NonNullable<(typeof fork.roots)[number]>;
    const wraps = await wrapsOf(fork, victim.account.held.roots.slice(0, 1));
    const signer = signerOf(victim);
    const other = signLink(signer, "account/root", fork.head, Date.now(), { root, wraps });
    const forked = must(readAccount([...added, other.signed]));
    const again = await wrapsOf(forked, [], other.head.seq + 1);
    const more = signLink(signer, "account/root", other.head, Date.now(), { root, wraps: again });
    expect(await shown(victim, [...added, other.signed, more.signed], pinned)).toMatchObject(
      rollback,
    );
    expect(await shown(victim, await linksOf(honest, victim), pinned)).toBeUndefined();
  });
});

describe("K-13 weak keys", () => {
  it("do not come up: a million draws are all different", () => {
    const count = 1_000_000;
    const drawn = new BigUint64Array(count);
    for (let at = 0; at < count; at += 1) {
      const id = drawDevice();
      drawn[at] = new DataView(id.buffer, id.byteOffset).getBigUint64(0);
    }
    drawn.sort();
    let twice = 0;
    for (let at = 1; at < count; at += 1) if (drawn[at] === drawn[at - 1]) twice += 1;
    expect(twice).toBe(0);
  });

  it.each([
    ["stuck", (out: Bytes) => out.fill(7)],
    ["dead", (out: Bytes) => out.fill(0)],
    ["gone", () => assertGone()],
  ])("are not made by a generator that is %s", (_, fill) => {
    const stream = new RandomStream(64, watched(fill));
    const draw = (): void => stream.fill(new Uint8Array(64));
    expect(() => {
      draw();
      draw();
    }).toThrow();
  });
});

function assertGone(): never {
  throw new Error("no entropy");
}
