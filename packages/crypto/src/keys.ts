import { assert, type Bytes, beInteger, encodeTuple } from "@salus/base";
import type { AccountHandle, SourceHandle, UnlockKind } from "@salus/protocol";
import { expand } from "./expand.ts";
import { randomBytes } from "./random.ts";

/** How one key is drawn from another: the parent's purpose, and the public names of what it is for. */
interface Edge<Parent extends string, Context extends readonly ContextPart[]> {
  readonly parent: Parent;
  readonly context: Context;
}

/** A part of a context: a text, a byte string, or a `u32`. */
export type ContextPart = string | Uint8Array | number;

/** The shapes of an ordered map: see ordered-index §1. */
export type Profile = "private" | "flat";

/** A node of the provider tree below the root: an organisation's handle, or a provider id. */
export type ChildNode = SourceHandle | string;

/** What a device signs and opens as: keys that nobody can link with one another. Spec: accounts §1. */
export type Face = "account" | "vault" | "practitioner";

/**
 * The key hierarchy: spec/keys.md §2 and spec/accounts.md §1 in the form that the compiler enforces. A branch that is not
 * drawn here does not exist: `derive(tagKey, "record")` is a type error, and so is a context of the
 * wrong shape.
 */
export interface KeyTree {
  "sign-seed": Edge<"account-root", []> | Edge<"device-root", [face: Face]>;
  "kem-seed": Edge<"account-root", []> | Edge<"device-root", [face: Face]>;
  "root-sign-seed": Edge<"account-root", []>;
  unlock: Edge<"unlock-secret", [kind: UnlockKind, account: AccountHandle]>;
  "vault-root": Edge<"account-root", []>;
  "trail-kem-seed": Edge<"vault-root", []>;
  "mailbox-sign-seed": Edge<"account-root", []> | Edge<"invitation", []>;
  "mailbox-kem-seed": Edge<"account-root", []> | Edge<"invitation", []>;
  cell: Edge<"vault-root", [source: SourceHandle, category: string, generation: number]>;
  "cell-kem-seed": Edge<"cell", []>;
  "cell-index": Edge<"cell", []>;
  "sealed-mask": Edge<"cell-index", [attribute: string, bits: number]>;
  "sealed-perm": Edge<"cell-index", [attribute: string, bits: number]>;
  tag: Edge<"cell-index", [attribute: string, keyword: string]>;
  "scope-node": Edge<"vault-root", [tree: number]> | Edge<"scope-node", [child: ChildNode]>;
  "record-handle": Edge<"scope-node", []>;
  "scope-index": Edge<"scope-node", [category: string, version: number]>;
  "ordered-map": Edge<
    "scope-index",
    [attribute: string, profile: Profile, bits: number, ...prior: [] | [digest: Uint8Array]]
  >;
  record: Edge<"batch", [record: Uint8Array, revision: number]>;
  home: Edge<"passphrase", [home: Uint8Array]>;
  "home-wrap": Edge<"passphrase", [way: Uint8Array]> | Edge<"unlock-secret", [way: Uint8Array]>;
  "stored-secret":
    | Edge<"home", [name: string, salt: Uint8Array]>
    | Edge<"home-wrap", [name: string, salt: Uint8Array]>;
}

/** A purpose that has a parent, and so is derived rather than drawn. */
export type Derived = keyof KeyTree;

/**
 * Every purpose a key can have. `account-root`, `device-root` and `batch` are roots drawn at random;
 * `passphrase` is what Argon2id made of one; `unlock-secret` is what a person knows or has; `invitation` comes from the secret that an invitation carries.
 */
export type Purpose =
  | "account-root"
  | "device-root"
  | "unlock-secret"
  | "batch"
  | "passphrase"
  | "invitation"
  | Derived;

type ParentOf<Child extends Derived> = KeyTree[Child]["parent"];
type ContextOf<Child extends Derived, Parent> = Extract<
  KeyTree[Child],
  { readonly parent: Parent }
>["context"];

export const SUITE = "salus/v1";
export const KEY_BYTES = 32;
export const HANDLE_BYTES = 16;

/** Key material for one purpose. It prints as its name, and a structured clone carries no bytes. */
export class Key<P extends Purpose> {
  readonly purpose: P;
  readonly #bytes: Bytes;

  constructor(purpose: P, bytes: Uint8Array) {
    assert(bytes.length === KEY_BYTES, "a key is 32 bytes");
    this.purpose = purpose;
    this.#bytes = Uint8Array.from(bytes);
  }

  /** The raw bytes, for ciphers in this package. `tools/tidy` refuses the call anywhere else. */
  static reveal(key: Key<Purpose>): Bytes {
    return key.#bytes;
  }

  toJSON(): string {
    return `[${this.purpose} key]`;
  }

  toString(): string {
    return this.toJSON();
  }
}

/**
 * Draw a fresh key that has no parent here: an account or device root, a batch key, the key of a home that several
 * ways open, or the seeds of somebody outside the patient's tree (an organisation, a physician, a registry).
 */
export function drawKey<
  P extends "account-root" | "device-root" | "batch" | "sign-seed" | "kem-seed" | "home",
>(purpose: P): Key<P> {
  return new Key(purpose, randomBytes(KEY_BYTES));
}

/**
 * Derive the key for one purpose and context from its parent.
 *
 * Gives:   32 bytes; the same arguments always give the same key.
 * Cost:    one HMAC, about 3 µs in Node.
 * Source:  RFC 5869 §2.3, §3.3; spec/keys.md §1; vectors/keys-v1.json.
 */
export function derive<Child extends Derived, Parent extends ParentOf<Child>>(
  parent: Key<Parent>,
  child: Child,
  ...context: ContextOf<Child, Parent>
): Key<Child> {
  return new Key(child, deriveBytes(parent, child, ...context));
}

/**
 * The bytes that a key gives for a purpose which is not a key's: a handle, a code number, or a name
 * that belongs to one format.
 *
 * Source:  spec/keys.md §1.
 */
export function deriveBytes(
  parent: Key<Purpose>,
  purpose: string,
  ...context: readonly ContextPart[]
): Bytes {
  const parts = context.map((part) => (typeof part === "number" ? u32(part) : part));
  return expand(Key.reveal(parent), encodeTuple(SUITE, purpose, ...parts), KEY_BYTES);
}

function u32(value: number): Bytes {
  return beInteger(value, 4);
}
