import { type Bytes, toHex } from "@salus/base";
import {
  cellHandle,
  DeviceSecret,
  drawDevice,
  drawKey,
  drawSource,
  scopeHandle,
} from "@salus/crypto";
import type { ChainState } from "@salus/evaluate";
import { AccountHandle, VaultHandle } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeDeviceCard, deviceOf, encodeDeviceCard } from "../src/account/card.ts";
import { base64Url, fromBase64Url } from "../src/http/base64-url.ts";
import { faceOf } from "../src/identity.ts";
import { genesisOf, vaultGenesis } from "../src/patient/genesis.ts";
import { OwnerKeys } from "../src/vault/owner-keys.ts";

// Goal: what a device shows, derives and owns is exactly its own, and read back strictly.

const account = AccountHandle.of(new Uint8Array(32).fill(3));
const device = deviceOf({ device: drawKey("device-root"), id: drawDevice() });
const outcome = (text: string): string => {
  const read = decodeDeviceCard(text, account);
  return read.ok ? "ok" : read.error.kind;
};

describe("a device's card", () => {
  it("comes back as it was, and fits a code of moderate size", () => {
    const card = encodeDeviceCard(account, device);
    expect(decodeDeviceCard(` ${card}\n`, account)).toEqual({ ok: true, value: device });
    // A code of 133 modules a side holds 1,952 letters of such a text.
    expect(card.length).toBeLessThan(1_952);
  });

  it("is for one account", () => {
    const other = AccountHandle.of(new Uint8Array(32));
    expect(outcome(encodeDeviceCard(other, device))).toBe("wrong-account");
  });

  it.each([
    ["nothing", ""],
    ["another text", "salus:join:AAAA"],
    ["no CBOR", "salus:device:_w"],
    ["a field too few", `salus:device:${base64Url(Uint8Array.of(0x80))}`],
  ])("is not %s", (_, text) => expect(outcome(text)).toBe("bad-card"));

  it("cut anywhere is refused", () => {
    const card = encodeDeviceCard(account, device);
    for (let at = 0; at < card.length; at += 7) expect(outcome(card.slice(0, at))).toBe("bad-card");
  });

  it("with a key of small order is refused", () => {
    const weak = new Uint8Array(32);
    weak[0] = 1;
    expect(outcome(encodeDeviceCard(account, { ...device, sign: weak as never }))).toBe("bad-card");
  });
});

describe("base64 for URLs", () => {
  it("comes back as it went", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (value) => {
        const bytes: Bytes = Uint8Array.from(value);
        expect(base64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
        expect(fromBase64Url(base64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(["A", "AB", "AAB", "AA==", "A+", "A/", " AA", "AA\n"])("refuses %j", (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });
});

describe("an account's vault", () => {
  it("is the same for every device, whatever was chosen for it", () => {
    const root = drawKey("account-root");
    const choice = { merge: "owner", policy: "sealed-only" } as const;
    const { signed, vault } = vaultGenesis(root, choice);
    expect(toHex(vaultGenesis(root, choice).signed)).toBe(toHex(signed));
    expect(genesisOf(root, vault)).toEqual(signed);
    expect(genesisOf(drawKey("account-root"), vault)).toBeUndefined();
  });

  it("is hers by its handle alone, and nobody's who has no root", () => {
    const [root, other] = [drawKey("account-root"), drawKey("account-root")];
    const held = { device: drawKey("device-root"), id: drawDevice(), account };
    const secret = DeviceSecret.draw();
    const vault = VaultHandle.of(new Uint8Array(32).fill(1));
    const chain = { vault, devices: new Map() } as unknown as ChainState;
    const named = faceOf({ ...held, secret, roots: [root, other], vault }, "vault");
    expect(named.owns(chain)).toBe(true);
    expect(named.owns({ ...chain, vault: VaultHandle.of(new Uint8Array(32)) })).toBe(false);
    const locked = faceOf({ ...held, secret: undefined, roots: [], vault: undefined }, "vault");
    expect(locked.owns(chain)).toBe(false);
    const doctor = faceOf({ ...held, secret, roots: [root], vault }, "practitioner");
    expect(doctor.owns(chain)).toBe(false);
  });
});

describe("an owner's keys", () => {
  const [first, second] = [drawKey("account-root"), drawKey("account-root")];
  const source = drawSource();
  const empty = {
    ...{ vault: vaultGenesis(first).vault, merge: "sources", time: 0, hashes: [] },
    ...{ devices: new Map(), sources: new Map(), cells: new Map(), scopes: new Map() },
    ...{ grants: new Map(), approvals: new Map(), deliveries: [], trail: undefined },
  } as unknown as ChainState;

  it("are of the root that was the newest, and the scope tree is of the oldest", () => {
    const [before, after] = [new OwnerKeys([first]), new OwnerKeys([first, second])];
    const name = (keys: OwnerKeys, root?: number): string => toHex(cellName(keys, root));
    expect(name(after, 0)).toBe(name(before));
    expect(name(after)).not.toBe(name(before));
    expect(name(after)).toBe(name(after, 1));
    const node = (keys: OwnerKeys): string => toHex(scopeName(keys));
    expect(node(after)).toBe(node(before));
    expect(node(new OwnerKeys([second]))).not.toBe(node(before));
  });

  it("know cells of every root again", () => {
    const [before, after] = [new OwnerKeys([first]), new OwnerKeys([first, second])];
    const cells = new Map(
      [cellName(before), cellName(after)].map((cell) => [
        toHex(cell),
        { cell, source, generation: 1, status: "live" },
      ]),
    );
    const chain = { ...empty, cells } as unknown as ChainState;
    expect(after.cells(chain).map(({ category, root }) => [category, root])).toEqual([
      ["laboratory", 0],
      ["laboratory", 1],
    ]);
    expect(before.cells(chain).length).toBe(1);
  });

  it("that lack the newest root say so", () => {
    const [before, after] = [new OwnerKeys([first]), new OwnerKeys([first, second])];
    const trail = after.trail().at(-1)?.public;
    expect(before.areNewest(empty)).toBe(true);
    expect(before.areNewest({ ...empty, trail })).toBe(false);
    expect(after.areNewest({ ...empty, trail })).toBe(true);
    expect(after.areNewest({ ...empty, trail: before.trail()[0]?.public })).toBe(true);
  });

  function cellName(keys: OwnerKeys, root?: number): Bytes {
    return cellHandle(keys.cell(source, "laboratory", 1, root)) as Bytes;
  }

  function scopeName(keys: OwnerKeys): Bytes {
    return scopeHandle(keys.scope(source, "laboratory", 1)) as Bytes;
  }
});
