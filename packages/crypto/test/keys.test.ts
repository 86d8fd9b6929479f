import { inspect } from "node:util";
import { toHex } from "@salus/base";
import { type RecordHandle, SourceHandle, VaultHandle } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellHandle, derive, drawKey, Key, recordHandle, scopeHandle } from "../src/index.ts";
import { deriveBytes } from "../src/keys.ts";
import { randomBytes } from "../src/random.ts";

// Goal: every key and handle is bound to its purpose and its whole context, no key shows its bytes, and
// what the tree of spec/keys.md does not have does not compile.
// Method: random contexts that join to the same text; printing and cloning; type errors that must be.
// Bytes are checked against vectors in vectors.test.ts.

const account = new Key("account-root", new Uint8Array(32).fill(3));
const vault = derive(account, "vault-root");
const source = SourceHandle.of(new Uint8Array(16).fill(4));
const cell = derive(vault, "cell", source, "laboratory", 1);
const root = derive(vault, "scope-node", 1);
const organisation = derive(root, "scope-node", source);

describe("derivation", () => {
  it("gives the same key again, and another one for any other context", () => {
    const part = fc.oneof(fc.string({ maxLength: 6 }), fc.nat(2 ** 32 - 1), fc.uint8Array());
    const context = fc.array(part, { maxLength: 4 });
    fc.assert(
      fc.property(context, context, (a, b) => {
        const [x, y] = [a, b].map((each) => toHex(deriveBytes(account, "test", ...each)));
        expect(x === y).toBe(written(a) === written(b));
      }),
    );
  });

  it("tells apart contexts that join to the same text", () => {
    const index = derive(cell, "cell-index");
    const [a, b] = [
      derive(index, "tag", "Observation.code", "x"),
      derive(index, "tag", "Observation.cod", "ex"),
    ];
    expect(toHex(Key.reveal(a))).not.toBe(toHex(Key.reveal(b)));
  });

  it("never gives two purposes of one parent the same bytes", () => {
    const children = [
      derive(account, "sign-seed"),
      derive(account, "kem-seed"),
      derive(account, "vault-root"),
      account,
    ];
    expect(new Set(children.map((key) => toHex(Key.reveal(key)))).size).toBe(4);
  });

  it("leads down the tree and not up: a child's scope is not its parent's", () => {
    const department = derive(organisation, "scope-node", "cardiology");
    const handles = [root, organisation, department].map((node) =>
      toHex(scopeHandle(derive(node, "scope-index", "laboratory", 1))),
    );
    expect(new Set(handles).size).toBe(3);
  });

  it("refuses a number that is no u32", () => {
    for (const version of [-1, 0.5, 2 ** 32, Number.NaN]) {
      expect(() => derive(root, "scope-index", "laboratory", version)).toThrow("bug");
    }
  });
});

describe("handles", () => {
  it("are the same for the same record, and other ones for other records and sources", () => {
    const here = derive(organisation, "record-handle");
    const there = derive(derive(root, "scope-node", "other"), "record-handle");
    const handles = [
      recordHandle(here, "Observation", "1"),
      recordHandle(here, "Observation", "2"),
      recordHandle(here, "Observatio", "n1"),
      recordHandle(there, "Observation", "1"),
    ].map(toHex);
    expect(new Set(handles).size).toBe(4);
    expect(toHex(recordHandle(here, "Observation", "1"))).toBe(handles[0]);
  });

  it("are parsed by their length", () => {
    expect(VaultHandle.parse(new Uint8Array(32)).ok).toBe(true);
    expect(VaultHandle.parse(new Uint8Array(16))).toEqual({
      ok: false,
      error: { kind: "malformed", what: "vault handle" },
    });
    expect(SourceHandle.fromHex("00".repeat(16)).ok).toBe(true);
    expect(SourceHandle.fromHex("0G".repeat(16)).ok).toBe(false);
    expect(() => SourceHandle.of(new Uint8Array(15))).toThrow("source handle");
  });
});

describe("a key", () => {
  it("prints, serialises and clones as its name", () => {
    const bytes = toHex(Key.reveal(account));
    expect(JSON.stringify({ account })).toBe('{"account":"[account-root key]"}');
    expect(`${account}`).toBe("[account-root key]");
    expect(structuredClone(account)).toEqual({ purpose: "account-root" });
    expect(inspect(account, { depth: 9, showHidden: true })).not.toContain("3, 3, 3");
    expect(Object.values(account).join()).not.toContain(bytes);
  });

  it("does not change when the bytes that it was made of do", () => {
    const bytes = new Uint8Array(32).fill(5);
    const key = new Key("batch", bytes);
    bytes.fill(0);
    expect(Key.reveal(key)[0]).toBe(5);
  });

  it("has 32 bytes", () => {
    expect(() => new Key("batch", new Uint8Array(16))).toThrow("32 bytes");
  });

  it("drawn is another one each time", () => {
    const drawn = Array.from({ length: 200 }, () => toHex(Key.reveal(drawKey("batch"))));
    expect(new Set(drawn).size).toBe(200);
  });
});

describe("random bytes", () => {
  it("are never given out twice, in any mixture of sizes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 16, max: 9000 }), { maxLength: 30 }), (sizes) => {
        const drawn = sizes.map((size) => randomBytes(size));
        expect(drawn.map((bytes) => bytes.length)).toEqual(sizes);
        const parts = drawn.flatMap((bytes) => toHex(bytes).match(/.{32}/g) ?? []);
        expect(new Set(parts).size).toBe(parts.length);
      }),
      { numRuns: 30 },
    );
  });
});

describe("misuse", () => {
  it("does not compile where the tree has no such branch", () => {
    const batch = drawKey("batch");
    // @ts-expect-error a vault root is derived from an account root
    void (() => derive(batch, "vault-root"));
    // @ts-expect-error a cell names its source, category and generation
    void (() => derive(vault, "cell", source, "laboratory"));
    // @ts-expect-error the root scope node takes a tree generation, not a name
    void (() => derive(vault, "scope-node", "cardiology"));
    // @ts-expect-error a child scope node takes a name, not a tree generation
    void (() => derive(root, "scope-node", 2));
    // @ts-expect-error a cell has a handle of its own kind
    void (() => scopeHandle(cell));
    // @ts-expect-error a cell handle is no record handle
    void ((): RecordHandle => cellHandle(cell));
    // @ts-expect-error a cell key is derived, never drawn
    void (() => drawKey("cell"));
    // @ts-expect-error bytes are no source handle
    void (() => derive(vault, "cell", new Uint8Array(16), "laboratory", 1));
  });
});

/** A context as text, with what tells its parts apart: text, bytes and u32 of the same bytes are one. */
function written(context: readonly (string | number | Uint8Array)[]): string {
  return JSON.stringify(
    context.map((part) => {
      if (typeof part === "string") return toHex(new TextEncoder().encode(part));
      if (typeof part === "number") return part.toString(16).padStart(8, "0");
      return toHex(part);
    }),
  );
}
