import type { Bytes } from "@salus/base";
import { applyLinks, type ChainState, readChain } from "@salus/evaluate";
import {
  Absent,
  BatchId,
  type CellHandle,
  type ChainHead,
  type Device,
  DeviceId,
  GrantHandle,
  type GrantTerms,
  type LinkType,
  SourceHandle,
  type Wrap,
} from "@salus/protocol";
import { ed25519Signer } from "#engine";
import {
  cellHandle,
  derive,
  encodeTerms,
  KemPair,
  Key,
  type LinkFields,
  nextSeq,
  Signer,
  scopeHandle,
  signLink,
} from "../src/index.ts";
import { must } from "./checks/check.ts";

// A patient, two hospitals, a physician: the people of these tests, each with keys of their own that
// never change, so that a failure can be repeated. Suite 2, because it is quick.

export const NOW = 1_760_000_000_000;
export const ABSENT: Absent = Absent.of(new Uint8Array(0));

/** Somebody with an account. */
export class Person {
  readonly root: Key<"account-root">;
  readonly signer: Signer;
  readonly kem: KemPair;

  constructor(seed: number) {
    this.root = new Key("account-root", new Uint8Array(32).fill(seed));
    this.signer = new Signer(derive(this.root, "sign-seed"));
    this.kem = new KemPair(derive(this.root, "kem-seed"), 2);
  }

  /** Sign any bytes: what `Signer` does not do, and a forger would. */
  signBytes(message: Bytes): Bytes {
    return ed25519Signer(Key.reveal(derive(this.root, "sign-seed"))).sign(message);
  }

  get device(): Device {
    return {
      id: DeviceId.of(this.signer.key.slice(0, 16)),
      sign: this.signer.key,
      ...this.kem.public,
    };
  }
}

export const patient: Person = new Person(1);
export const tablet: Person = new Person(2);
export const stranger: Person = new Person(3);
export const north: Person = new Person(4);
export const south: Person = new Person(5);
export const doctor: Person = new Person(6);

export const NORTH: SourceHandle = SourceHandle.of(new Uint8Array(16).fill(0xa0));
export const SOUTH: SourceHandle = SourceHandle.of(new Uint8Array(16).fill(0xa1));
export const BATCH: BatchId = BatchId.of(new Uint8Array(16).fill(0xb0));

const vaultRoot = derive(patient.root, "vault-root");
const scopeRoot = derive(vaultRoot, "scope-node", 1);

/** The keys of a cell, as the patient derives them. */
export interface CellKeys {
  readonly cell: CellHandle;
  readonly kem: KemPair;
  readonly seed: Key<"cell-kem-seed">;
  readonly index: Key<"cell-index">;
}

export function cellOf(source: SourceHandle, category: string, generation: number): CellKeys {
  const key = derive(vaultRoot, "cell", source, category, generation);
  const seed = derive(key, "cell-kem-seed");
  const index = derive(key, "cell-index");
  return { cell: cellHandle(key), kem: new KemPair(seed, 2), seed, index };
}

/** The key of a scope: of the root's, or of an organisation's. */
export function scopeOf(
  node: SourceHandle | undefined,
  category: string,
  version: number,
): Key<"scope-index"> {
  const at = node === undefined ? scopeRoot : derive(scopeRoot, "scope-node", node);
  return derive(at, "scope-index", category, version);
}

export function nodeOf(source: SourceHandle): Key<"scope-node"> {
  return derive(scopeRoot, "scope-node", source);
}

/** A chain as it grows: its links, its newest state, and what would come next. */
export class Story {
  readonly links: Bytes[] = [];
  #state: ChainState | undefined;

  get state(): ChainState {
    if (this.#state === undefined) throw new Error("the story has not begun");
    return this.#state;
  }

  get head(): ChainHead | undefined {
    return this.#state?.head;
  }

  /** A link that would follow, not yet told. */
  link<T extends LinkType>(type: T, fields: LinkFields<T>, by: Person = patient): Bytes {
    return signLink(by.signer, type, this.head, NOW + nextSeq(this.head), fields).signed;
  }

  /** Tell one link more. */
  tell<T extends LinkType>(type: T, fields: LinkFields<T>, by: Person = patient): this {
    const link = this.link(type, fields, by);
    this.#state = must(
      this.#state === undefined ? readChain([link]) : applyLinks(this.#state, [link]),
    );
    this.links.push(link);
    return this;
  }
}

const NO_WRAP: Wrap = { suite: 2, enc: new Uint8Array(32).fill(1), ct: new Uint8Array(48) };

/** A vault with two hospitals, a cell and a scope at each, a scope of the root, and one grant. */
export function begin(): Story {
  const story = new Story().tell("chain/genesis", {
    device: patient.device,
    merge: "sources",
    policy: "balanced",
    policyVersion: 1,
    salt: new Uint8Array(16),
  });
  for (const [source, person] of [
    [NORTH, north],
    [SOUTH, south],
  ] as const) {
    story.tell("chain/roster", { op: "add", source, key: person.signer.key, ...person.kem.public });
    const { cell, kem } = cellOf(source, "laboratory", 1);
    story.tell("chain/cell", { cell, source, generation: 1, ...kem.public, replaces: [] });
    const scope = scopeHandle(scopeOf(source, "laboratory", 1));
    story.tell("chain/scope", { scope, node: source, version: 1, replaces: [] });
    story.tell("chain/keys", { to: source, wrap: NO_WRAP });
  }
  const scope = scopeHandle(scopeOf(undefined, "laboratory", 1));
  story.tell("chain/scope", { scope, node: ABSENT, version: 1, replaces: [] });
  return story.tell("chain/grant", { grant: GRANT, terms: encodeTerms(termsFor()), wrap: NO_WRAP });
}

export const GRANT: GrantHandle = GrantHandle.of(new Uint8Array(16).fill(0xc0));

/** Terms for the doctor over the northern laboratory. */
export function termsFor(changes: Partial<GrantTerms> = {}): GrantTerms {
  return {
    grantee: doctor.signer.key,
    ...doctor.kem.public,
    purpose: "TREAT",
    request: ABSENT,
    sources: [NORTH],
    cells: [cellOf(NORTH, "laboratory", 1).cell],
    scopes: [scopeHandle(scopeOf(NORTH, "laboratory", 1))],
    notBefore: NOW,
    expires: NOW + 1000,
    period: [],
    ...changes,
  };
}
