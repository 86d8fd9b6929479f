import { equalBytes, fail, isYoung, ok, type Result, toHex } from "@salus/base";
import { liveSource, type SourceState } from "@salus/evaluate";
import { POLICY_VERSION, type Policy, policyOf } from "@salus/health";
import type { ScopeHandle, VaultHandle } from "@salus/protocol";
import type { Caller, Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import { Pauses } from "../pause.ts";
import { type ChainCache, fetchChain, type ReadChain } from "../vault/chain.ts";
import type { Pins } from "../vault/pins.ts";
import { EntryMaker } from "./entry-maker.ts";
import type { PrepareContext } from "./preparation.ts";
import type { BatchContext } from "./sealed-batch.ts";
import { openSourceKeys, type SourceKeys } from "./source-keys.ts";

/** Who writes into which vault, and through what. */
export interface SessionOptions {
  readonly cloud: Cloud;
  readonly identity: Identity;
  /** The organisation's own node, as in its certificate. */
  readonly node: string;
  readonly vault: VaultHandle;
  readonly pins: Pins;
  readonly chains: ChainCache;
}

/** A source must not write by a chain that it saw longer ago than this. Spec: chain §3. */
const HEAD_AGE_MAX_MS = 3_600_000;
/** It fetches the chain again well before that. */
const REFRESH_MS = 1_800_000;
/** A chain that this process has fetched just now, for another source of it, is as good. */
const SHARED_AGE_MS = 30_000;

/** What a source knows of one vault while it writes into it: the chain, and the keys it was given. */
export class VaultSession {
  readonly options: SessionOptions;
  readonly caller: Caller;
  readonly policy: Policy;
  readonly #entries = new EntryMaker();
  readonly #pauses = new Pauses();
  readonly #introduced = new Set<string>();
  #chain: ReadChain;
  #source: SourceState;
  #keys: SourceKeys;

  constructor(options: SessionOptions, policy: Policy, known: Known) {
    this.options = options;
    this.caller = options.identity.caller();
    this.policy = policy;
    this.#chain = known.chain;
    this.#source = known.source;
    this.#keys = known.keys;
  }

  /**
   * Fetch the chain, and open what it delivers to this source.
   *
   * Fails:   `not-live` when the patient has ended the source, `unknown-source` when she never let it
   *          in; `unknown-policy`; as `fetchChain` and `openSourceKeys`.
   */
  static async open(options: SessionOptions): Promise<Result<VaultSession, ClientError>> {
    const known = await look(options, SHARED_AGE_MS);
    if (!known.ok) return known;
    const { policyVersion, policy: choice } = known.value.chain.state;
    const asked = policyOf(policyVersion, choice);
    if (!asked.ok) return asked;
    // Entries of the newest version hold those of the vault's, if that is an older one. Spec: policy.
    const policy = policyOf(POLICY_VERSION, choice);
    return policy.ok ? ok(new VaultSession(options, policy.value, known.value)) : policy;
  }

  get source(): SourceState {
    return this.#source;
  }

  get keys(): SourceKeys {
    return this.#keys;
  }

  /** Fetch the chain when it is time to, or at once. Fails: `head-too-old`, and as `open`. */
  async refresh(when: "due" | "now"): Promise<Result<void, ClientError>> {
    const { fetchedAt } = this.#chain;
    if (when === "due" && isYoung(fetchedAt, REFRESH_MS)) return ok(undefined);
    const known = await look(this.options, 0);
    if (known.ok) {
      this.#chain = known.value.chain;
      this.#source = known.value.source;
      this.#keys = known.value.keys;
      return ok(undefined);
    }
    if (when === "now" || known.error.kind !== "unreachable") return known;
    const { vault } = this.options;
    const mayWrite = isYoung(fetchedAt, HEAD_AGE_MAX_MS);
    return mayWrite ? ok(undefined) : fail({ kind: "head-too-old", vault });
  }

  /** Remember that a batch which introduced these scopes was taken. */
  markIntroduced(scopes: readonly ScopeHandle[]): void {
    for (const scope of scopes) this.#introduced.add(toHex(scope));
  }

  prepareContext(): PrepareContext {
    const { node: organisation } = this.options;
    return { records: this.#keys.records, policy: this.policy, organisation };
  }

  batchContext(): BatchContext {
    return {
      chain: this.#chain.state,
      source: this.#source,
      keys: this.#keys,
      signer: this.options.identity.signer,
      entries: this.#entries,
      introduced: this.#introduced,
      policyVersion: this.policy.version,
      pauses: this.#pauses,
    };
  }
}

interface Known {
  readonly chain: ReadChain;
  readonly source: SourceState;
  readonly keys: SourceKeys;
}

async function look(
  { cloud, identity, pins, chains, vault }: SessionOptions,
  maxAgeMs: number,
): Promise<Result<Known, ClientError>> {
  const from = { cloud, caller: identity.caller(), pins, chains };
  const chain = await fetchChain(from, vault, maxAgeMs);
  if (!chain.ok) {
    // The cloud tells a source that has ended just that, and nothing of the chain.
    const ended = chain.error.kind === "refused" && chain.error.problem === "not-live";
    return ended ? fail({ kind: "not-live", what: "source" }) : chain;
  }
  const { state } = chain.value;
  const { sign } = identity.card;
  const source = liveSource(state, sign);
  if (source === undefined) {
    const ended = [...state.sources.values()].some(({ key }) => equalBytes(key, sign));
    return ended ? fail({ kind: "not-live", what: "source" }) : fail({ kind: "unknown-source" });
  }
  const keys = await openSourceKeys(state, source, identity.kem);
  return keys.ok ? ok({ chain: chain.value, source, keys: keys.value }) : keys;
}
