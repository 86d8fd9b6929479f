import { deserialize, serialize } from "node:v8";
import { assert, type Bytes, equalBytes, toHex } from "@salus/base";
import { applyLinks, type ChainState, readChain } from "@salus/evaluate";
import { LIMITS } from "@salus/protocol";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";
import { Recent } from "../recent.ts";
import type { VaultRow } from "./vault.ts";

/** Raised whenever `ChainState` changes: what an earlier program wrote is then made again. */
const FORMAT = 2;

/** Of states as they are stored; in memory they take about twice as much. The largest there is fits. */
const KEPT_BYTES: number = 2 * LIMITS.chainBytes;

/**
 * The states of the chains that were used lately, each as of one link.
 *
 * Another process may have appended to a chain: a state is used only for the head that the vault's
 * row names. Behind this cache the state is stored beside the links, because to verify hundreds of
 * links again takes far longer than what is asked.
 */
export class ChainCache {
  readonly #states = new Recent<ChainState>(KEPT_BYTES);
  /** States that are being read, by their heads: however many ask at a time, each is read once. */
  readonly #reading = new Map<string, Promise<ChainState>>();

  /**
   * The state of a chain as of the head that its vault's row names.
   *
   * Plan:    nothing when kept; else the primary key of `chain_state`, or a range of that of `link`.
   */
  async stateOf(db: Kysely<Schema>, row: VaultRow): Promise<ChainState> {
    const known = this.#states.get(toHex(row.handle));
    if (known !== undefined && isAt(known, row)) return known;
    const name = toHex(row.head_hash);
    const reading = this.#reading.get(name) ?? this.#read(db, row, known);
    this.#reading.set(name, reading);
    return reading.finally(() => this.#reading.delete(name));
  }

  async #read(
    db: Kysely<Schema>,
    row: VaultRow,
    known: ChainState | undefined,
  ): Promise<ChainState> {
    const stored = await readState(db, row);
    if (stored !== undefined) {
      this.#states.set(toHex(row.handle), stored.state, stored.size);
      return stored.state;
    }
    const behind = known !== undefined && known.head.seq < row.head_seq ? known : undefined;
    const state = await catchUp(db, row, behind);
    this.keep(state, serialize(state).length);
    return state;
  }

  /** Keep a state that is committed. Takes: its size as it is stored. */
  keep(state: ChainState, size: number): void {
    this.#states.set(toHex(state.vault), state, size);
  }
}

function isAt(state: ChainState, row: VaultRow): boolean {
  return state.head.seq === row.head_seq && equalBytes(state.head.hash, row.head_hash);
}

/** Store the state of a chain whose head the transaction writes. Gives: its size. */
export async function writeState(trx: Trx, vault: VaultId, state: ChainState): Promise<number> {
  const bytes = serialize(state);
  const { seq } = state.head;
  await sql`insert into chain_state (vault, seq, format, bytes)
    values (${vault}, ${seq}, ${FORMAT}, ${bytes})
    on conflict (vault) do update set seq = excluded.seq, format = excluded.format,
      bytes = excluded.bytes`.execute(trx);
  return bytes.length;
}

async function readState(
  db: Kysely<Schema>,
  row: VaultRow,
): Promise<{ readonly state: ChainState; readonly size: number } | undefined> {
  const stored = await db
    .selectFrom("chain_state")
    .select("bytes")
    .where("vault", "=", row.vault)
    .where("seq", "=", row.head_seq)
    .where("format", "=", FORMAT)
    .executeTakeFirst();
  if (stored === undefined) return undefined;
  try {
    const state: ChainState = deserialize(stored.bytes);
    return isAt(state, row) ? { state, size: stored.bytes.length } : undefined;
  } catch {
    return undefined; // Whatever is wrong with it, the links are there.
  }
}

async function catchUp(
  db: Kysely<Schema>,
  row: VaultRow,
  from: ChainState | undefined,
): Promise<ChainState> {
  const links = await readLinks(db, row.vault, (from?.head.seq ?? -1) + 1, row.head_seq);
  const state = from === undefined ? readChain(links) : applyLinks(from, links);
  // The cloud accepted these links once; if they are refused now, the database was changed.
  assert(state.ok && equalBytes(state.value.head.hash, row.head_hash), "a stored chain is whole");
  return state.value;
}

/**
 * The links of a chain from one number to another.
 *
 * Plan:    a range of the primary key of `link`.
 */
export async function readLinks(
  db: Kysely<Schema>,
  vault: VaultId,
  from: number,
  to: number,
): Promise<readonly Bytes[]> {
  const rows = await db
    .selectFrom("link")
    .select("bytes")
    .where("vault", "=", vault)
    .where("seq", ">=", from)
    .where("seq", "<=", to)
    .orderBy("seq")
    .execute();
  return rows.map((row) => row.bytes);
}
