import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  BALANCED,
  type CompiledSearch,
  compileSearch,
  type Policy,
  type SearchError,
} from "@salus/health";
import type { GrantHandle, RecordHandle, SourceHandle, VaultHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import { type Identity, openIdentity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import type { Registry } from "../registry/registry.ts";
import type { Deed, TrailName } from "../trail/trail-voice.ts";
import { ChainCache } from "../vault/chain.ts";
import { type Access, openAccesses } from "./access.ts";
import { type Answer, answer, Ledger, type Match } from "./answer.ts";
import { exportSource } from "./export.ts";
import { type History, readHistory } from "./history.ts";
import { inOrder, oneAfterAnother, type StreamSource } from "./hit-streams.ts";
import { introducedScopes } from "./introduced-scopes.ts";
import { readRecord } from "./one-record.ts";
import { type Plan, pageSizeFor, planSearch, planSoon, type TargetNode } from "./plan.ts";
import { type Stored, storedRecords } from "./stored.ts";
import { type Hit, hitOrder, type SearchObserver, searchVault } from "./vault-search.ts";
import { type Verification, verifyVault } from "./verify/verify.ts";

/** What every reader works with. */
export interface ReaderOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  /** Whose names are shown, and whose nodes `scope` may name. */
  readonly registry?: Registry;
  /** Chains that the same process has verified. */
  readonly chains?: ChainCache;
  /** What a patient is told of who reads; left out, what the registry has for the reader's key. */
  readonly who?: TrailName;
  /**
   * How old a vault's chain may be to be gone by without another look, in milliseconds: a screen asks many
   * questions at once. Left out, every question looks. What is revoked the cloud refuses in any case.
   */
  readonly chainAgeMs?: number;
}

export interface SearchOptions {
  /** Left out: every vault that this identity may read. */
  readonly vaults?: readonly VaultHandle[];
  /** Provider nodes from an organisation down: only what was written there or below. */
  readonly scope?: readonly string[];
  /**
   * So many matches are wanted before the others: what is asked first, and how much at once, follows it. Left
   * out: as many as `_count` says, or all.
   */
  readonly soon?: number;
  /** Candidates on a page, 1 … 1,000. */
  readonly pageSize?: number;
  /** More candidates than this, and the answer ends there; its report says `cut`. */
  readonly candidatesMax?: number;
}

/** The question itself was wrong, or could not be asked. */
export type QueryError = ClientError | { readonly kind: "bad-query"; readonly error: SearchError };

/** Somebody who reads: the owner of a vault, or somebody she has granted it to. */
export class Reader {
  readonly identity: Identity;
  readonly #options: ReaderOptions;
  readonly #chains: ChainCache;
  /** Vaults by hexadecimal, and the grants by which they may be read. */
  #known: ReadonlyMap<string, KnownVault> = new Map();

  constructor(identity: Identity, options: ReaderOptions) {
    this.identity = identity;
    this.#options = options;
    this.#chains = options.chains ?? new ChainCache();
  }

  /** Open the reader whose identity a store holds. Fails: `no-identity`, `store-damaged`. */
  static async open(options: ReaderOptions): Promise<Result<Reader, ClientError>> {
    const identity = await openIdentity(options.store);
    return identity.ok ? ok(new Reader(identity.value, options)) : identity;
  }

  /** Vaults that this identity owns, or holds a grant for, in order of handle. */
  async vaults(): Promise<Result<readonly VaultHandle[], ClientError>> {
    const known = new Map<string, KnownVault>();
    let after: VaultHandle | undefined;
    for (let more = true; more; ) {
      const page = await this.#options.cloud.vaults(this.identity.caller(), after);
      if (!page.ok) return page;
      for (const { vault, role, grants } of page.value.vaults) {
        if (role !== "source") known.set(toHex(vault), { vault, grants });
      }
      const last = page.value.vaults.at(-1)?.vault;
      more = page.value.more;
      const stuck = last === undefined || (after !== undefined && equalBytes(last, after));
      if (more && stuck) return fail({ kind: "malformed-answer", what: "vaults" });
      after = last;
    }
    this.#known = known;
    return ok([...known.values()].map(({ vault }) => vault));
  }

  /**
   * Ask one question of the vaults, whatever the number of their sources.
   *
   * Takes:   a FHIR search, `Observation?code=8480-6&value-quantity=gt140&_sort=-date`.
   * Gives:   an answer that asks as its matches are taken: one request for a page of a vault's
   *          candidates. Vaults that fail are in its report; the others are answered.
   * Leaks:   to the cloud: what `planSearch` says.
   * Fails:   `bad-query`; `CloudError` when the vaults cannot even be listed.
   */
  async search(query: string, options: SearchOptions = {}): Promise<Result<Answer, QueryError>> {
    const now = Date.now();
    const compiled = compileSearch(query, { policy: BALANCED, now });
    if (!compiled.ok) return fail({ kind: "bad-query", error: compiled.error });
    const vaults = await this.#vaultsOf(options);
    if (!vaults.ok) return vaults;
    const ledger = new Ledger(this.#options.registry, options.candidatesMax);
    const compile = (policy: Policy): CompiledSearch => {
      const again = compileSearch(query, { policy, now });
      return again.ok ? again.value : compiled.value;
    };
    const { value: search } = compiled;
    const streams = vaults.value.map((vault) =>
      this.#stream(vault, ledger, this.#searchVault(vault, query, compile, options, ledger)),
    );
    const hits =
      search.sort.length > 0 ? inOrder(streams, hitOrder(search)) : oneAfterAnother(streams);
    return ok(answer(hits, ledger, search));
  }

  /** Everything there is, one source after the other. Fails: as `search`, but for the query. */
  async export(options: SearchOptions = {}): Promise<Result<Answer, ClientError>> {
    const vaults = await this.#vaultsOf(options);
    if (!vaults.ok) return vaults;
    const ledger = new Ledger(this.#options.registry, options.candidatesMax);
    const streams = vaults.value.map((vault) =>
      this.#stream(vault, ledger, this.#exportVault(vault, options, ledger)),
    );
    return ok(answer(oneAfterAnother(streams), ledger, undefined));
  }

  /** One record by its handle; nothing when it is not there or not for this reader. Fails: `unreadable`. */
  async read(
    vault: VaultHandle,
    record: RecordHandle,
  ): Promise<Result<Match | undefined, ClientError>> {
    const accesses = await this.#accesses(vault, { action: "read", query: "" });
    if (!accesses.ok) return accesses;
    const hit = await readRecord(this.#options.cloud, accesses.value, record);
    return hit.ok ? ok(hit.value && new Ledger(this.#options.registry).matchOf(hit.value)) : hit;
  }

  /** What became of a record, the newest revision first. Fails: as `readHistory`. */
  async revisions(vault: VaultHandle, record: RecordHandle): Promise<Result<History, ClientError>> {
    const accesses = await this.#accesses(vault, { action: "read", query: "" });
    return accesses.ok ? readHistory(this.#options.cloud, accesses.value, record) : accesses;
  }

  /** What the cloud stores for a vault, as it stores it; nothing is decrypted. */
  async *inspect(vault: VaultHandle): AsyncGenerator<Result<Stored, ClientError>> {
    const accesses = await this.#accesses(vault, { action: "read", query: "" });
    if (accesses.ok) yield* storedRecords(this.#options.cloud, accesses.value);
    else yield accesses;
  }

  /**
   * Check every link, batch, record and index row that this identity may see.
   *
   * Takes:   `onProgress`, told how many records have been verified.
   * Fails:   `rollback`, `chain-invalid`, any `CloudError`: there is nothing to hold the rest against.
   */
  async verify(
    vault: VaultHandle,
    onProgress?: (records: number) => void,
  ): Promise<Result<Verification, ClientError>> {
    const accesses = await this.#accesses(vault, { action: "verify", query: "" });
    return accesses.ok ? verifyVault(this.#options.cloud, accesses.value, onProgress) : accesses;
  }

  async #vaultsOf({ vaults }: SearchOptions): Promise<Result<readonly VaultHandle[], ClientError>> {
    const listed = vaults?.every((vault) => this.#known.has(toHex(vault))) === true;
    if (vaults !== undefined && listed) return ok(vaults);
    const all = await this.vaults();
    return all.ok && vaults !== undefined ? ok(vaults) : all;
  }

  /** Every way into a vault. Fails: `no-vault` for one that this identity has nothing to do with. */
  async #accesses(vault: VaultHandle, deed: Deed): Promise<Result<readonly Access[], ClientError>> {
    const name = toHex(vault);
    if (!this.#known.has(name)) {
      const listed = await this.vaults();
      if (!listed.ok) return listed;
    }
    const known = this.#known.get(name);
    if (known === undefined) return fail({ kind: "no-vault" });
    const { cloud, store, registry: standing, chainAgeMs = 0 } = this.#options;
    const reading = { identity: this.identity, chains: this.#chains, standing, chainAgeMs };
    const options = { cloud, store, ...reading, deed, who: this.#who() };
    const tried = known.grants.length === 0 ? [undefined] : known.grants;
    let failure: Result<never, ClientError> = fail({ kind: "unknown-grant" });
    for (const grant of tried) {
      const accesses = await openAccesses(options, vault, grant);
      if (accesses.ok) return accesses;
      failure = accesses;
      // A grant that is over may stand before one that is not.
      if (accesses.error.kind !== "refused") break;
    }
    return failure;
  }

  #who(): TrailName {
    const { who, registry } = this.#options;
    const { name = "", node = "" } = who ?? registry?.byKey(this.identity.card.sign) ?? {};
    return { name, node };
  }

  #stream(
    vault: VaultHandle,
    ledger: Ledger,
    pages: StreamSource<Hit>["pages"],
  ): StreamSource<Hit> {
    return { pages, onError: (error) => ledger.onFailure(vault, error) };
  }

  async *#searchVault(
    vault: VaultHandle,
    query: string,
    compile: (policy: Policy) => CompiledSearch,
    options: SearchOptions,
    ledger: Ledger,
  ): StreamSource<Hit>["pages"] {
    const accesses = await this.#accesses(vault, { action: "search", query });
    if (!accesses.ok) {
      yield accesses;
      return;
    }
    const seen = new Set<string>();
    const streams: StreamSource<Hit>["pages"][] = [];
    for (const access of accesses.value) {
      const node = await this.#targetNode(access, options.scope);
      if (!node.ok) {
        yield node;
        return;
      }
      if (node.value === "elsewhere") continue;
      const search = compile(access.policy);
      ledger.onCompiled(search);
      streams.push(this.#ask(access, search, node.value, options, ledger, seen));
    }
    yield* this.#together(streams, vault, compile(BALANCED), ledger);
  }

  async *#ask(
    access: Access,
    search: CompiledSearch,
    node: TargetNode | undefined,
    options: SearchOptions,
    ledger: Ledger,
    seen: Set<string>,
  ): StreamSource<Hit>["pages"] {
    const { cloud } = this.#options;
    const asked = node === undefined ? access.sources : [node.source];
    const observer: SearchObserver = {
      onQuery: (query) => ledger.onQuery(query),
      onPage: (page) => ledger.onPage(access, asked, page),
      onFinding: (finding) => ledger.onFinding(finding),
      isEnough: () => ledger.cut,
    };
    const soon = search.total ? undefined : (options.soon ?? search.count);
    const streams = plansOf(search, access, node, soon).map((plan) => {
      const pageSize = options.pageSize ?? pageSizeFor(soon, search, plan);
      return searchVault({ cloud, access, search, plan, node, pageSize, seen, observer });
    });
    // Nothing that this reader could open is of what is searched for.
    if (streams.length === 0) for (const source of asked) ledger.coverUnasked(access, source);
    yield* this.#together(streams, access.vault, search, ledger);
  }

  /** Several questions to one vault as one: each is in order by itself. */
  async *#together(
    streams: readonly StreamSource<Hit>["pages"][],
    vault: VaultHandle,
    search: CompiledSearch,
    ledger: Ledger,
  ): StreamSource<Hit>["pages"] {
    if (streams.length === 1 || search.sort.length === 0) {
      for (const stream of streams) yield* stream;
      return;
    }
    const sources = streams.map((pages) => this.#stream(vault, ledger, pages));
    for await (const hit of inOrder(sources, hitOrder(search))) yield ok([hit]);
  }

  async *#exportVault(
    vault: VaultHandle,
    options: SearchOptions,
    ledger: Ledger,
  ): StreamSource<Hit>["pages"] {
    const accesses = await this.#accesses(vault, { action: "export", query: "" });
    if (!accesses.ok) {
      yield accesses;
      return;
    }
    const seen = new Set<string>();
    for (const access of accesses.value) {
      const node = await this.#targetNode(access, options.scope);
      if (!node.ok) {
        yield node;
        return;
      }
      if (node.value === "elsewhere") continue;
      const path = node.value?.path ?? [];
      for (const source of node.value ? [node.value.source] : access.sources) {
        for await (const page of exportSource(this.#options.cloud, access, source, ledger)) {
          yield page.ok ? ok(page.value.filter((hit) => isNew(hit, path, seen))) : page;
          if (!page.ok) return;
        }
      }
    }
  }

  /** What `scope` names in one vault; `elsewhere` when that organisation has nothing to do with it. */
  async #targetNode(
    access: Access,
    scope: readonly string[] | undefined,
  ): Promise<Result<TargetNode | "elsewhere" | undefined, ClientError>> {
    const [organisation, ...path] = scope ?? [];
    if (organisation === undefined) return ok(undefined);
    const source = this.#sourceAt(access, organisation);
    if (source === undefined) return ok("elsewhere");
    const target = { source, organisation, path };
    if (!access.owner || path.length === 0) return ok(target);
    const { cloud, store } = this.#options;
    const introduced = await introducedScopes(cloud, store, access, source);
    return introduced.ok ? ok({ ...target, introduced: introduced.value }) : introduced;
  }

  /** The source of an organisation: by its node in the registry, or by its handle in this vault. */
  #sourceAt({ chain, sources }: Access, organisation: string): SourceHandle | undefined {
    const provider = this.#options.registry?.byNode(organisation);
    for (const { source, key } of chain.sources.values()) {
      const named = provider !== undefined && equalBytes(provider.card.sign, key);
      const mine = sources.some((handle) => equalBytes(handle, source));
      if (mine && (named || toHex(source) === organisation)) return source;
    }
    return undefined;
  }
}

interface KnownVault {
  readonly vault: VaultHandle;
  readonly grants: readonly GrantHandle[];
}

function plansOf(
  search: CompiledSearch,
  { keys, chain }: Access,
  node: TargetNode | undefined,
  soon: number | undefined,
): readonly Plan[] {
  const { merge } = chain;
  const target = { keys, rootIsWhole: merge === "sources", ...(node && { node }) };
  if (soon !== undefined) return planSoon(search, target);
  return [planSearch(search, target) ?? []].flat();
}

function isNew({ record, content }: Hit, path: readonly string[], seen: Set<string>): boolean {
  const name = toHex(record);
  const below = path.every((node, at) => content.path[at + 1] === node);
  if (!below || seen.has(name)) return false;
  seen.add(name);
  return true;
}
