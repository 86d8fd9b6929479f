import { type Bytes, compareBytes, type Result, toHex } from "@salus/base";
import {
  cellHandle,
  derive,
  drawBatch,
  drawDevice,
  drawGrant,
  drawKey,
  encodeTerms,
  encryptTags,
  KemPair,
  type Key,
  type LinkFields,
  orderedColumn,
  recordHandle,
  type Signer,
  scopeHandle,
  seal,
  sealedColumn,
  signLink,
  tagToken,
  wrapBatchKey,
  wrapGrant,
} from "@salus/crypto";
import { digest } from "@salus/evaluate";
import {
  Absent,
  type BatchItem,
  type CellHandle,
  type ChainHead,
  type Entry,
  encodeEntry,
  type GrantHandle,
  type GrantTerms,
  type LinkType,
  type OrderColumn,
  type Probe,
  type RecordHandle,
  type ScopeHandle,
  VaultHandle,
} from "@salus/protocol";
import { newSigner } from "@salus/testkit/asker";
import { type BatchChange, signBatch, type TestBatch } from "./signed-batch.ts";
import { TestSource } from "./test-source.ts";

/** What a test writes of a record: small numbers and words, whose search a test can do in its head. */
export interface Facts {
  readonly id: string;
  readonly category?: string;
  /** Ordered, 16 bits, in the root's scope and the organisation's. */
  readonly days?: readonly number[];
  /** Ordered in a scope below the organisation's, which a batch introduces. */
  readonly ward?: number;
  /** Sealed, 8 bits. */
  readonly score?: number;
  /** Sealed, 16 bits. */
  readonly dose?: number;
  readonly words?: readonly string[];
  readonly size?: number;
  readonly revision?: number;
  readonly tombstone?: boolean;
}

export const LABORATORY = "laboratory";
const WARD = "ward-1";

/** The value of what cannot fail in a test. */
export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(`failed: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** A patient with her keys and her chain, and whatever her sources may write. */
export class Patient {
  readonly device: Signer = newSigner();
  readonly deviceId = drawDevice();
  readonly deviceKem: KemPair = new KemPair(drawKey("kem-seed"), 2);
  readonly links: Bytes[] = [];
  readonly sources: TestSource[] = [];
  readonly #root: Key<"vault-root"> = derive(drawKey("account-root"), "vault-root");
  readonly #generations = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  head: ChainHead | undefined;

  constructor(sources: number, categories: readonly string[] = [LABORATORY]) {
    this.append("chain/genesis", {
      device: { id: this.deviceId, sign: this.device.key, ...this.deviceKem.public },
      merge: "sources",
      policy: "balanced",
      policyVersion: 1,
      salt: new Uint8Array(16),
    });
    for (const category of categories) this.openScope(undefined, category);
    for (let at = 0; at < sources; at += 1) this.admit(categories);
  }

  get vault(): VaultHandle {
    return VaultHandle.of(digest(this.links[0] as Bytes));
  }

  get path(): string {
    return `/v1/vaults/${toHex(this.vault)}`;
  }

  /** Sign the next link, and take it for appended. */
  append<T extends LinkType>(type: T, fields: LinkFields<T>, signer: Signer = this.device): Bytes {
    const { signed, head } = signLink(signer, type, this.head, 1_000 + this.links.length, fields);
    this.links.push(signed);
    this.head = head;
    return signed;
  }

  /** Admit a source, with cells and scopes of its own. */
  admit(categories: readonly string[] = [LABORATORY]): TestSource {
    const source = new TestSource();
    this.sources.push(source);
    const { handle, signer, kem } = source;
    this.append("chain/roster", { op: "add", source: handle, key: signer.key, ...kem.public });
    for (const category of categories) {
      this.openCell(source, category);
      this.openScope(source, category);
    }
    return source;
  }

  openCell(source: TestSource, category: string = LABORATORY): void {
    const name = `${toHex(source.handle)} ${category}`;
    const generation = (this.#generations.get(name) ?? 0) + 1;
    const replaces = generation === 1 ? [] : [this.cell(source, category)];
    this.#generations.set(name, generation);
    const { kem, suite } = this.cellKem(source, category);
    const fields = { cell: this.cell(source, category), source: source.handle, generation };
    this.append("chain/cell", { ...fields, kem, suite, replaces });
  }

  openScope(source: TestSource | undefined, category: string = LABORATORY): void {
    const name = `${source === undefined ? "" : toHex(source.handle)} ${category}`;
    const version = (this.#versions.get(name) ?? 0) + 1;
    const replaces = version === 1 ? [] : [this.scope(source, category)];
    this.#versions.set(name, version);
    const node = source?.handle ?? Absent.of(new Uint8Array());
    this.append("chain/scope", { scope: this.scope(source, category), node, version, replaces });
  }

  #cellKey(source: TestSource, category: string): Key<"cell"> {
    const generation = this.#generations.get(`${toHex(source.handle)} ${category}`) ?? 1;
    return derive(this.#root, "cell", source.handle, category, generation);
  }

  cell(source: TestSource, category: string = LABORATORY): CellHandle {
    return cellHandle(this.#cellKey(source, category));
  }

  cellKem(source: TestSource, category: string = LABORATORY): KemPair {
    return new KemPair(derive(this.#cellKey(source, category), "cell-kem-seed"), 2);
  }

  cellIndex(source: TestSource, category: string = LABORATORY): Key<"cell-index"> {
    return derive(this.#cellKey(source, category), "cell-index");
  }

  scopeKey(source: TestSource | undefined, category: string = LABORATORY): Key<"scope-index"> {
    const name = `${source === undefined ? "" : toHex(source.handle)} ${category}`;
    const node = source === undefined ? this.#tree() : this.#organisation(source);
    return derive(node, "scope-index", category, this.#versions.get(name) ?? 1);
  }

  scope(source: TestSource | undefined, category: string = LABORATORY): ScopeHandle {
    return scopeHandle(this.scopeKey(source, category));
  }

  /** A scope of a ward below an organisation's node. */
  wardKey(source: TestSource): Key<"scope-index"> {
    return derive(derive(this.#organisation(source), "scope-node", WARD), "scope-index", "ward", 1);
  }

  #tree(): Key<"scope-node"> {
    return derive(this.#root, "scope-node", 1);
  }

  #organisation(source: TestSource): Key<"scope-node"> {
    return derive(this.#tree(), "scope-node", source.handle);
  }

  record(source: TestSource, id: string): RecordHandle {
    return recordHandle(derive(this.#organisation(source), "record-handle"), "Observation", id);
  }

  /** The index entries of a record, as its source makes them. */
  entries(source: TestSource, facts: Facts): Bytes[] {
    const category = facts.category ?? LABORATORY;
    const cell = this.cell(source, category);
    const index = this.cellIndex(source, category);
    const entries: Entry[] = [];
    for (const day of facts.days ?? []) {
      for (const at of [undefined, source]) {
        const { handle, map } = orderedColumn(this.scopeKey(at, category), "day", DAYS);
        const scope = this.scope(at, category);
        entries.push({ kind: "ordered", scope, attribute: handle, term: must(map.encrypt(day)) });
      }
    }
    if (facts.ward !== undefined) {
      const key = this.wardKey(source);
      const { handle, map } = orderedColumn(key, "day", DAYS);
      const term = must(map.encrypt(facts.ward));
      entries.push({ kind: "ordered", scope: scopeHandle(key), attribute: handle, term });
    }
    for (const [attribute, value, bits] of [
      ["score", facts.score, 8],
      ["dose", facts.dose, 16],
    ] as const) {
      if (value === undefined) continue;
      const { handle, column } = sealedColumn(index, attribute, bits);
      const right = must(column.encrypt(value));
      entries.push({ kind: "sealed", cell, attribute: handle, right });
    }
    if (facts.words !== undefined) {
      const keywords = facts.words.map((keyword) => ({ attribute: "word", keyword }));
      for (const tags of must(encryptTags(index, [keywords]))) {
        entries.push({ kind: "tags", cell, tags });
      }
    }
    return entries.map(encodeEntry).sort(compareBytes);
  }

  /** A batch of a source, as it would upload it next. */
  async batch(
    source: TestSource,
    records: readonly Facts[],
    change: BatchChange = {},
  ): Promise<TestBatch> {
    const batch = change.batch ?? drawBatch();
    const keys = new Map<string, Key<"batch">>();
    const wraps = [];
    for (const category of new Set(records.map((facts) => facts.category ?? LABORATORY))) {
      const key = drawKey("batch");
      keys.set(category, key);
      const place = { vault: this.vault, cell: this.cell(source, category), batch };
      wraps.push(await wrapBatchKey(this.cellKem(source, category), place, key));
    }
    const items = records.map((facts): BatchItem => {
      const category = facts.category ?? LABORATORY;
      const revision = facts.revision ?? 1;
      const header = {
        ...{ tombstone: facts.tombstone ?? false, vault: this.vault, revision, batch },
        ...{ record: this.record(source, facts.id), source: source.handle },
        ...{ cell: this.cell(source, category), policyVersion: 1, sealedAt: 5_000 },
        generation: this.#generations.get(`${toHex(source.handle)} ${category}`) ?? 1,
      };
      const body = new Uint8Array(facts.size ?? 20);
      const content = {
        media: "application/fhir+json",
        path: [],
        assigned: "stated",
        body,
      } as const;
      const author = change.author ?? source.signer;
      const envelope = seal(keys.get(category) as Key<"batch">, header, content, author);
      return { envelope, expects: revision - 1, entries: this.entries(source, facts) };
    });
    const scopes = change.scopes ?? [];
    return signBatch(this, source, { batch, wraps, items: change.items ?? items, scopes }, change);
  }

  /** Terms of a grant of some sources, cells and scopes of a category. */
  terms(
    grantee: Signer,
    sources: readonly TestSource[],
    options: Partial<GrantTerms> = {},
  ): GrantTerms {
    const kem = this.deviceKem.public;
    return {
      ...{ grantee: grantee.key, ...kem, purpose: "TREAT", request: Absent.of(new Uint8Array()) },
      sources: sources.map((source) => source.handle),
      cells: sources.map((source) => this.cell(source)),
      scopes: [this.scope(undefined), ...sources.map((source) => this.scope(source))],
      ...{ notBefore: 0, expires: Date.now() + 3_600_000, period: [] },
      ...options,
    };
  }

  /** Append a grant. */
  async grant(terms: GrantTerms): Promise<GrantHandle> {
    const grant = drawGrant();
    const bytes = encodeTerms(terms);
    const place = { vault: this.vault, grant, terms: bytes };
    const wrap = await wrapGrant(terms, place, { cells: [], scopes: [] });
    this.append("chain/grant", { grant, terms: bytes, wrap });
    return grant;
  }

  /** A probe for days in the root's scope, or in a source's. */
  dayProbe(source: TestSource | undefined, from: number, to: number): Probe {
    const { handle, map } = orderedColumn(this.scopeKey(source), "day", DAYS);
    const probes = must(map.probes(from, to));
    return { kind: "ordered", scope: this.scope(source), attribute: handle, ...probes };
  }

  dayColumn(source: TestSource | undefined): OrderColumn {
    const { handle } = orderedColumn(this.scopeKey(source), "day", DAYS);
    return { scope: this.scope(source), attribute: handle };
  }

  /** Probes for a sealed attribute, one for each source. */
  sealedProbes(
    attribute: "score" | "dose",
    from: number,
    to: number,
    sources: readonly TestSource[] = this.sources,
  ): Probe[] {
    return sources.map((source) => {
      const bits = attribute === "score" ? 8 : 16;
      const { handle, column } = sealedColumn(this.cellIndex(source), attribute, bits);
      const { below: low, greatest: high } = must(column.bounds(from, to));
      return { kind: "sealed", cell: this.cell(source), attribute: handle, low, high };
    });
  }

  /** Probes for a word, one for each source. */
  wordProbes(word: string, sources: readonly TestSource[] = this.sources): Probe[] {
    return sources.map((source) => ({
      kind: "tag",
      cell: this.cell(source),
      token: tagToken(this.cellIndex(source), { attribute: "word", keyword: word }),
    }));
  }
}

const DAYS = { bits: 16, profile: "private" } as const;
