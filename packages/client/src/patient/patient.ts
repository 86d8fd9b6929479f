import { assert, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { applyOwnLinks, type ChainState, named } from "@salus/evaluate";
import { CATEGORIES, type Category, type Policy, policyOf } from "@salus/health";
import {
  Absent,
  type DeviceId,
  type GrantHandle,
  isAbsent,
  LIMITS,
  type SourceHandle,
  type VaultHandle,
} from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import { type Card, type Identity, openIdentity, openOrCreateIdentity } from "../identity.ts";
import type { KeyStore } from "../key-store.ts";
import { LogWatch } from "../log/log-watch.ts";
import { checkOwnLog, type OwnChain, type OwnLogReport } from "../log/own-log.ts";
import { ownerOf, readTrail, type Trail } from "../trail/read-trail.ts";
import { ChainCache, fetchChain } from "../vault/chain.ts";
import { OwnerKeys } from "../vault/owner-keys.ts";
import { Pins } from "../vault/pins.ts";
import { admitInto, beginVault } from "./admission.ts";
import type { VaultChoice } from "./genesis.ts";
import { foundVault, joinVault, vaultOf } from "./opening.ts";
import {
  type Admission,
  type AdmittedSource,
  type GivenGrant,
  type GrantOrder,
  type Selection,
  toGrant,
  toRotate,
} from "./orders.ts";
import { addGrant, endGrants, isUntidy, rotate, tidy } from "./rotation.ts";
import { settle } from "./settle.ts";
import { VaultDraft } from "./vault-draft.ts";

/** What every patient works with. */
export interface PatientOptions {
  readonly cloud: Cloud;
  readonly store: KeyStore;
  /** Chains that the same process has verified. */
  readonly chains?: ChainCache;
}

export interface NewVaultOptions extends PatientOptions, VaultChoice {}

const REBUILDS_MAX = 5;
const JUST_MADE_MS = 30_000;

/**
 * The owner of a vault: says who writes, under which keys, and who reads.
 *
 * Everything she says is a signed link. Her device keeps no other state than its identity and what it
 * has seen: the chain is the truth, and another device of hers may have added to it.
 */
export class Patient {
  readonly identity: Identity;
  readonly vault: VaultHandle;
  readonly #cloud: Cloud;
  readonly #store: KeyStore;
  readonly #pins: Pins;
  readonly #chains: ChainCache;
  readonly #keys: OwnerKeys;
  readonly #policy: Policy;
  #chain: ChainState;

  constructor(parts: Parts, chain: ChainState, policy: Policy) {
    this.identity = parts.identity;
    this.vault = chain.vault;
    this.#cloud = parts.cloud;
    this.#store = parts.store;
    this.#pins = parts.pins;
    this.#chains = parts.chains;
    this.#keys = new OwnerKeys(parts.identity.owned.roots);
    this.#policy = policy;
    this.#chain = chain;
  }

  /**
   * Make a vault, or open the one that the store has begun.
   *
   * The first link is stored before it is sent, so that a crash in between makes no second vault.
   *
   * Takes:   `admissions`, let in by the request that makes a vault, as far as it holds them; not in an
   *          account's vault, nor in one that was begun before. `admitAll` adds what is missing.
   */
  static async create(
    options: NewVaultOptions,
    admissions: readonly Admission[] = [],
  ): Promise<Result<Patient, ClientError>> {
    const { cloud, store, chains = new ChainCache() } = options;
    const identity = await openOrCreateIdentity(store);
    if (!identity.ok) return identity;
    const founded = await foundVault(store, identity.value, options);
    if (!founded.ok) return founded;
    const { founder, signed } = founded.value;
    const begun = await beginVault(identity.value, signed, admissions);
    if (!begun.ok) return begun;
    const { links, chain } = begun.value;
    const created = await cloud.createVault(founder.caller(), links);
    // A vault that has other links already is one that was made before.
    if (!created.ok && !isConflict(created.error)) return created;
    const stands = created.ok && chain && equalBytes(created.value.hash, chain.head.hash);
    if (stands) chains.set({ state: chain, fetchedAt: Date.now() });
    return Patient.open({ ...options, chains }, stands ? JUST_MADE_MS : 0);
  }

  /**
   * Open the vault of a store. A device of an account that the vault does not know yet becomes one of
   * its devices.
   *
   * Takes:   `maxAgeMs`, as `fetchChain`.
   * Fails:   `no-identity`, `no-vault`, and as `sync`.
   */
  static async open(options: PatientOptions, maxAgeMs = 0): Promise<Result<Patient, ClientError>> {
    const { cloud, store, chains = new ChainCache() } = options;
    const identity = await openIdentity(store);
    if (!identity.ok) return identity;
    const vault = await vaultOf(store, identity.value);
    if (!vault.ok) return vault;
    const pins = await Pins.of(store, vault.value);
    if (!pins.ok) return pins;
    const parts: Parts = { identity: identity.value, cloud, store, pins: pins.value, chains };
    const joined = await joinVault(parts, vault.value);
    if (!joined.ok) return joined;
    const from = { ...parts, caller: parts.identity.caller() };
    const chain = await fetchChain(from, vault.value, maxAgeMs);
    if (!chain.ok) return chain;
    const { policyVersion, policy: choice } = chain.value.state;
    const policy = policyOf(policyVersion, choice);
    return policy.ok ? ok(new Patient(parts, chain.value.state, policy.value)) : policy;
  }

  /**
   * Let the vault agree with the account: its devices, and cells of the newest root. To be repeated
   * after every change of the account, by whichever device comes by.
   *
   * Takes:   `devices`, the live ones of the account.
   * Leaks:   to the cloud: how many devices there are, and that cells have successors.
   */
  settle(devices: readonly DeviceId[]): Promise<Result<void, ClientError>> {
    return this.change((draft) => settle(draft, this.identity, devices));
  }

  /**
   * Fetch and verify what the chain has gained, close what grants covered whose time is over, for that
   * they end must not rest on the cloud alone, and finish what was interrupted.
   *
   * Fails:   `rollback`, `chain-invalid`, `CloudError`.
   */
  async sync(): Promise<Result<{ readonly seq: number }, ClientError>> {
    const fetched = await this.#fetch();
    if (!fetched.ok) return fetched;
    for (let step = 0; step < 2 && isUntidy(this.draft()); step += 1) {
      const tidied = await this.change(tidy);
      if (!tidied.ok) return tidied;
    }
    return ok({ seq: this.#chain.head.seq });
  }

  async #fetch(): Promise<Result<void, ClientError>> {
    const source = {
      cloud: this.#cloud,
      caller: this.identity.caller(),
      pins: this.#pins,
      chains: this.#chains,
    };
    const chain = await fetchChain(source, this.vault);
    if (!chain.ok) return chain;
    this.#chain = chain.value.state;
    return ok(undefined);
  }

  /** The chain, as far as it is known here. */
  get chain(): ChainState {
    return this.#chain;
  }

  sources(): readonly AdmittedSource[] {
    const cells = this.#keys.cells(this.#chain);
    return [...this.#chain.sources.values()].map(({ source, key, status }) => {
      const live = cells.filter(
        (cell) => cell.status === "live" && equalBytes(cell.source, source),
      );
      return { source, key, status, categories: live.map(({ category }) => category) };
    });
  }

  grants(): readonly GivenGrant[] {
    const cells = new Map(this.#keys.cells(this.#chain).map((cell) => [toHex(cell.cell), cell]));
    return [...this.#chain.grants.values()].map(({ grant, terms, status }) => {
      const { grantee, purpose, request, sources, notBefore, expires, period } = terms;
      const covered = terms.cells.flatMap((cell) => cells.get(toHex(cell))?.category ?? []);
      const categories = CATEGORIES.filter((category) => covered.includes(category));
      const covers = { sources, categories, root: terms.cells.length === 0 };
      return { grant, grantee, request, purpose, status, ...covers, notBefore, expires, period };
    });
  }

  /**
   * Let a source write, and give it a cell and scopes for each category. Repeating it adds what is
   * missing, so it is also how a source gets a further category.
   *
   * Leaks:   to the cloud: the source's key, how many cells it has, and when they were added.
   */
  async admit(
    card: Card,
    categories: readonly Category[],
  ): Promise<Result<SourceHandle, ClientError>> {
    const admitted = await this.admitAll([{ card, categories }]);
    if (!admitted.ok) return admitted;
    const [source] = admitted.value;
    assert(source !== undefined, "one admission gives one source");
    return ok(source);
  }

  /** Let several sources write, in one append. Gives: their handles, in the order of admissions. */
  async admitAll(
    admissions: readonly Admission[],
  ): Promise<Result<readonly SourceHandle[], ClientError>> {
    return this.change(async (draft) => ok(await admitInto(draft, admissions)));
  }

  /** End a source: it writes no more, and the root's scopes that it knew the keys of are closed. */
  async end(source: SourceHandle): Promise<Result<void, ClientError>> {
    return this.change(async (draft) => {
      const known = draft.source(source);
      if (known === undefined) return fail({ kind: "unknown-source", source });
      if (known.status !== "live") return fail({ kind: "not-live", what: "source" });
      const cells = draft.cells().filter((cell) => equalBytes(cell.source, source));
      const wrote = new Set(cells.map(({ category }) => category));
      const scopes = draft
        .scopes()
        .filter(({ node, category }) =>
          isAbsent(node) ? wrote.has(category) : equalBytes(node, source),
        );
      draft.endSource(known);
      await rotate(draft, { cells, scopes });
      return ok(undefined);
    });
  }

  /**
   * Let somebody read some categories of some sources. What is not there yet is opened, so that the
   * grant also covers what these sources write into it later.
   *
   * Gives:   the handle of the grant.
   * Leaks:   to the cloud: to whom, for which cells and scopes, until when; not which categories.
   * Cost:    by cells and scopes, never by records.
   */
  async grant(order: GrantOrder): Promise<Result<GrantHandle, ClientError>> {
    return this.change(async (draft) => {
      const sources = this.#selectSources(draft, order.sources);
      if (!sources.ok) return sources;
      if (order.categories !== "all" && order.sources !== "all") {
        for (const source of sources.value) {
          if (draft.source(source)?.status !== "live") continue;
          for (const category of order.categories) draft.openCategory(source, category);
        }
      }
      await draft.deliver();
      const { cells, scopes } = toGrant(draft, order, sources.value);
      const { grantee, purpose = "TREAT", notBefore = draft.time, expires, period = [] } = order;
      const { sign, suite, kem } = grantee;
      const terms = {
        grantee: sign,
        suite,
        kem,
        purpose,
        request: Absent.of(new Uint8Array(0)),
        sources: sources.value,
        cells: [],
        scopes: [],
        notBefore,
        expires,
        period,
      };
      return ok(await addGrant(draft, terms, cells, scopes));
    });
  }

  /** End a grant: close what it covered, open successors, deliver them, grant again who stays. */
  async revoke(grant: GrantHandle): Promise<Result<void, ClientError>> {
    return this.change(async (draft) => {
      const given = named(draft.chain.grants, grant);
      if (given === undefined) return fail({ kind: "unknown-grant" });
      if (given.status !== "live") return fail({ kind: "not-live", what: "grant" });
      await endGrants(draft, [given]);
      return ok(undefined);
    });
  }

  /**
   * Close what these sources hold keys of, in these categories, and open successors: after a home was
   * lost, say. Records stay where they are; `reindex` moves their entries.
   */
  async rotate(selection: Selection): Promise<Result<void, ClientError>> {
    return this.change(async (draft) => {
      const sources = this.#selectSources(draft, selection.sources);
      if (!sources.ok) return sources;
      await rotate(draft, toRotate(draft, selection, sources.value));
      return ok(undefined);
    });
  }

  #selectSources(
    draft: VaultDraft,
    sources: readonly SourceHandle[] | "all",
  ): Result<readonly SourceHandle[], ClientError> {
    if (sources === "all") return ok(draft.liveSources().map(({ source }) => source));
    const unknown = sources.find((source) => draft.source(source) === undefined);
    return unknown === undefined ? ok(sources) : fail({ kind: "unknown-source", source: unknown });
  }

  /**
   * Check that the cloud's log holds what is hers, and only grows.
   *
   * Takes:   `everything`: look through all leaves once more, and not only those that are new.
   * Fails:   any `LogFailure`; as `sync`.
   */
  async checkLog(everything = false): Promise<Result<OwnLogReport, ClientError>> {
    const watch = await LogWatch.of(this.#store, this.#cloud);
    if (!watch.ok) return watch;
    const owner = ownerOf(this.#cloud, this.identity.caller(), this.vault);
    const chain = async (): Promise<Result<OwnChain, ClientError>> => {
      const fetched = await this.#fetch();
      return fetched.ok ? ok({ ...this.#chain, kind: "chain" }) : fetched;
    };
    return checkOwnLog(watch.value, owner, chain, everything);
  }

  /** What grantees did, verified, from one of the vault's own leaves on. Fails: as `readTrail`. */
  async trail(from = 0): Promise<Result<Trail, ClientError>> {
    const watch = await LogWatch.of(this.#store, this.#cloud);
    if (!watch.ok) return watch;
    const [cloud, chain, pairs] = [this.#cloud, this.#chain, this.#keys.trail()];
    const reader = { cloud, caller: this.identity.caller(), vault: this.vault, chain, pairs };
    return readTrail({ ...reader, watch: watch.value }, from);
  }

  /** A change of the vault that nothing has been put into yet. */
  draft(): VaultDraft {
    const { signer, card } = this.identity;
    return new VaultDraft({
      chain: this.#chain,
      keys: this.#keys,
      policy: this.#policy,
      signer,
      suite: card.suite,
      time: Date.now(),
    });
  }

  /** Build links on the newest chain and append them; where another device was first, build again. */
  async change<T, E = never>(
    build: (draft: VaultDraft) => Promise<Result<T, E | ClientError>>,
  ): Promise<Result<T, E | ClientError>> {
    for (let attempt = 1; ; attempt += 1) {
      if (!this.#keys.areNewest(this.#chain)) return fail({ kind: "account-stale" });
      const draft = this.draft();
      const built = await build(draft);
      if (!built.ok) return built;
      const appended = await this.#append(draft);
      if (appended.ok) return built;
      if (!isConflict(appended.error) || attempt === REBUILDS_MAX) return appended;
      const fetched = await this.#fetch();
      if (!fetched.ok) return fetched;
    }
  }

  async #append({ links }: VaultDraft): Promise<Result<void, ClientError>> {
    for (const some of links.appends(LIMITS.links)) {
      const caller = this.identity.caller();
      const appended = await this.#cloud.appendChain(caller, this.vault, some);
      if (!appended.ok) return appended;
      const applied = applyOwnLinks(this.#chain, some);
      assert(applied.ok, "the links that were built follow from the chain");
      this.#chain = applied.value;
      this.#chains.set({ state: applied.value, fetchedAt: Date.now() });
      this.#pins.pinHead(applied.value.head);
      await this.#pins.save();
    }
    return ok(undefined);
  }
}

interface Parts {
  readonly identity: Identity;
  readonly cloud: Cloud;
  readonly store: KeyStore;
  readonly pins: Pins;
  readonly chains: ChainCache;
}

function isConflict(error: ClientError): boolean {
  return error.kind === "refused" && error.problem === "chain-conflict";
}
