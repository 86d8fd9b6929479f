import { type Bytes, equalBytes, fail, isYoung, ok, type Result, toHex } from "@salus/base";
import { applyLinks, type ChainState, checkSeen, digest, readChain } from "@salus/evaluate";
import type { VaultHandle } from "@salus/protocol";
import type { Caller, Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import { fetchLinks } from "./links.ts";
import type { Pins } from "./pins.ts";

/** A chain that was read from the cloud and verified from its first link. */
export interface ReadChain {
  readonly state: ChainState;
  /** Milliseconds since 1970, by our clock. */
  readonly fetchedAt: number;
}

/**
 * Chains that this process has verified: they are public to everybody who may fetch them, so that
 * parts of one program that play several people need not each verify every link again.
 */
export class ChainCache {
  readonly #chains = new Map<string, ReadChain>();
  readonly #fetching = new Map<string, Promise<Result<ChainState, ClientError>>>();
  readonly #capacity: number;

  constructor(capacity = 512) {
    this.#capacity = capacity;
  }

  get(vault: VaultHandle): ReadChain | undefined {
    return this.#chains.get(toHex(vault));
  }

  forget(vault: VaultHandle): void {
    this.#chains.delete(toHex(vault));
  }

  /** Fetch once for all who ask for the same chain, in the same right, at the same time. */
  together(
    name: string,
    fetch: () => Promise<Result<ChainState, ClientError>>,
  ): Promise<Result<ChainState, ClientError>> {
    const known = this.#fetching.get(name);
    if (known !== undefined) return known;
    const fetching = fetch().finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, fetching);
    return fetching;
  }

  set(chain: ReadChain): void {
    const name = toHex(chain.state.vault);
    const known = this.#chains.get(name);
    if (known !== undefined && known.state.head.seq > chain.state.head.seq) return;
    this.#chains.delete(name);
    this.#chains.set(name, chain);
    for (const oldest of this.#chains.keys()) {
      if (this.#chains.size <= this.#capacity) break;
      this.#chains.delete(oldest);
    }
  }
}

/** How to fetch a chain, and against what to hold it. */
export interface ChainSource {
  readonly cloud: Cloud;
  readonly caller: Caller;
  readonly pins: Pins;
  readonly chains: ChainCache;
}

/**
 * Fetch what a vault's chain has gained, verify it, and pin its head.
 *
 * The newest link that is known is fetched again, so that a cloud which lost or exchanged it shows.
 *
 * Takes:   `maxAgeMs`, how old a chain that this process has may be to be used as it is.
 * Fails:   `rollback`, `handle-mismatch`, `chain-invalid`, any `CloudError`.
 * Cost:    one signature for each new link.
 * Source:  spec/chain.md §3.
 */
export async function fetchChain(
  { cloud, caller, pins, chains }: ChainSource,
  vault: VaultHandle,
  maxAgeMs = 0,
): Promise<Result<ReadChain, ClientError>> {
  const known = chains.get(vault);
  const fresh = known !== undefined && isYoung(known.fetchedAt, maxAgeMs);
  const fetchedAt = Date.now();
  const right = caller.grant === undefined ? "" : toHex(caller.grant);
  const name = `${toHex(vault)} ${toHex(caller.signer.key)} ${right}`;
  const fetch = (): Promise<Result<ChainState, ClientError>> =>
    extend(cloud, caller, vault, known?.state);
  const isOld = (state: ChainState): boolean =>
    pins.head !== undefined && !checkSeen(state, pins.head).ok;
  let read = fresh ? ok(known.state) : await chains.together(name, fetch);
  // What was asked for before another one pinned a newer head may be older than that: ask for it now.
  if (read.ok && isOld(read.value)) read = await fetch();
  if (!read.ok) {
    // Whoever may no longer fetch it must not go on by what was fetched before.
    if (read.error.kind === "refused") chains.forget(vault);
    return read;
  }
  if (isOld(read.value)) return fail({ kind: "rollback", what: "chain", vault });
  pins.pinHead(read.value.head);
  await pins.save();
  const chain = { state: read.value, fetchedAt: fresh ? known.fetchedAt : fetchedAt };
  chains.set(chain);
  return ok(chain);
}

async function extend(
  cloud: Cloud,
  caller: Caller,
  vault: VaultHandle,
  known: ChainState | undefined,
): Promise<Result<ChainState, ClientError>> {
  const from = known?.head.seq ?? 0;
  const fetched = await fetchLinks((at) => cloud.chain(caller, vault, at), from);
  if (!fetched.ok) {
    const { error } = fetched;
    if (error.kind !== "links-missing") return fail(error);
    return fail({ kind: "chain-invalid", vault, problem: "chain-gap" });
  }
  const links = fetched.value;
  return known === undefined ? readAll(vault, links) : readFurther(known, links);
}

function readAll(vault: VaultHandle, links: readonly Bytes[]): Result<ChainState, ClientError> {
  const read = readChain(links);
  if (!read.ok) return fail({ kind: "chain-invalid", vault, problem: read.error.kind });
  if (equalBytes(read.value.vault, vault)) return read;
  return fail({ kind: "handle-mismatch", vault });
}

function readFurther(known: ChainState, links: readonly Bytes[]): Result<ChainState, ClientError> {
  const { vault, head } = known;
  const [again, ...further] = links;
  if (again === undefined || !equalBytes(digest(again), head.hash)) {
    return fail({ kind: "rollback", what: "chain", vault });
  }
  // The same state, so that what is kept for it is found again.
  if (further.length === 0) return ok(known);
  const applied = applyLinks(known, further);
  if (applied.ok) return applied;
  return fail({ kind: "chain-invalid", vault, problem: applied.error.kind });
}
