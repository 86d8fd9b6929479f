import { assert, type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { joinNodes, type ProofPlan, planConsistency, planInclusion } from "@salus/evaluate";
import {
  LEAVES_PAGE_MAX,
  type LeavesPage,
  type LogProof,
  type Malformed,
  OWN_LEAVES_PAGE_MAX,
  type OwnLeavesPage,
  type VerifyKey,
} from "@salus/protocol";
import { type Kysely, sql } from "kysely";
import { StartFailure } from "../start-failure.ts";
import { type CheckpointSigner, signCheckpoint } from "./log-signer.ts";
import { readNodes } from "./node-store.ts";
import { SEQUENCE_MAX, sequence } from "./sequencer.ts";
import type { LogSchema } from "./tables.ts";

/** What a log works with. */
export interface MerkleLogOptions {
  /** With the tables of `LOG_TABLES`. */
  readonly db: Kysely<LogSchema>;
  /** The service's id: what its checkpoints are of. */
  readonly id: string;
  readonly signer: CheckpointSigner;
  readonly now: () => number;
  /** Told when entries cannot be given places, once for each try. */
  readonly onFault: (error: unknown) => void;
}

type Head = Pick<LogSchema["log_head"], "size" | "root">;

const NAME = "log";
/** Well below the second within which an entry has its place. */
const TICK_MS = 250;

/**
 * The append-only Merkle log of one service: what was entered can be shown to be there, and to be
 * neither changed nor taken away since.
 *
 * Source:  RFC 6962 §2.1; spec/log.md.
 */
export class MerkleLog {
  readonly #options: MerkleLogOptions;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** The turn that has not begun: it finds whatever waits by then. */
  #next: Promise<void> | undefined;
  #signed: { readonly head: Head; readonly time: number; readonly bytes: Bytes } | undefined;

  private constructor(options: MerkleLogOptions) {
    this.#options = options;
  }

  /**
   * Open the log of a database, which is begun when there is none.
   *
   * Fails:   `wrong-service-keys`, as a `StartFailure`: clients have pinned another key than this.
   */
  static async open(options: MerkleLogOptions): Promise<MerkleLog> {
    const { db, signer } = options;
    await sql`insert into log_head (name, key, size, root)
      values (${NAME}, ${signer.key}, 0, ${joinNodes([])}) on conflict do nothing`.execute(db);
    const { rows } = await sql<LogSchema["log_head"]>`
      select key from log_head where name = ${NAME}`.execute(db);
    const [head] = rows;
    assert(head !== undefined, "a log's head is never removed");
    if (!equalBytes(head.key, signer.key)) {
      throw new StartFailure(
        "wrong-service-keys",
        "the database's log was signed with another key: put the file of service keys back",
      );
    }
    return new MerkleLog(options);
  }

  /** By which checkpoints are signed. */
  get key(): VerifyKey {
    return this.#options.signer.key;
  }

  /** Give places to what waits, from now on until `close`. */
  start(): void {
    this.#timer ??= setInterval(() => void this.settle(), TICK_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#turn;
  }

  /**
   * Give places to what waits now. One turn at a time, and those who come during one share the next;
   * faults are told and tried again later.
   */
  settle(): Promise<void> {
    this.#next ??= this.#turn.then(() => {
      this.#next = undefined;
      return this.#settle();
    });
    this.#turn = this.#next;
    return this.#turn;
  }

  async #settle(): Promise<void> {
    const { db, onFault } = this.#options;
    try {
      const waits = await sql`select 1 from log_pending limit 1`.execute(db);
      if (waits.rows.length === 0) return;
      while ((await sequence(db, NAME)) === SEQUENCE_MAX);
    } catch (error) {
      onFault(error);
    }
  }

  /**
   * The newest checkpoint: of all that was entered before it was asked for, so that whoever looks just
   * after something was done finds it. A log that cannot grow is shown as it is.
   *
   * Cost:    a look at what waits, and a turn of the sequencer when something does.
   * Plan:    the primary key of `log_pending`; that of `log_head`.
   */
  async checkpoint(): Promise<Bytes> {
    const { id, now, signer } = this.#options;
    await this.settle();
    const head = await this.#head();
    const last = this.#signed;
    const time = Math.floor(now() / 1000) * 1000;
    const same = last?.head.size === head.size && equalBytes(last.head.root, head.root);
    if (last !== undefined && same && last.time === time) return last.bytes;
    const bytes = signCheckpoint(signer, { log: id, ...head, time });
    this.#signed = { head, time, bytes };
    return bytes;
  }

  /** Prove that the tree of `to` leaves begins with that of `from`. Fails: `malformed`. */
  async consistency(from: number, to: number): Promise<Result<LogProof, Malformed>> {
    if (from > to || to > (await this.#head()).size) return fail({ kind: "malformed", what: "to" });
    return ok({ proof: await this.#prove(planConsistency(from, to)) });
  }

  /** Prove that a leaf stands at `index` of a tree of `size` leaves. Fails: `malformed`. */
  async inclusion(index: number, size: number): Promise<Result<LogProof, Malformed>> {
    if (size > (await this.#head()).size) return fail({ kind: "malformed", what: "size" });
    if (index >= size) return fail({ kind: "malformed", what: "index" });
    return ok({ proof: await this.#prove(planInclusion(index, size)) });
  }

  /** A page of all leaves. Plan: a range of the primary key of `log_leaf`. */
  async leaves(from: number): Promise<LeavesPage> {
    const { rows } = await sql<LogSchema["log_leaf"]>`select bytes from log_leaf
      where leaf >= ${from}::int8 order by leaf limit ${LEAVES_PAGE_MAX + 1}`.execute(
      this.#options.db,
    );
    const leaves = rows.slice(0, LEAVES_PAGE_MAX).map(({ bytes }) => bytes);
    return { leaves, more: rows.length > LEAVES_PAGE_MAX };
  }

  /**
   * A page of the leaves of one owner, from a number of hers on, with what opens them and the proof
   * that each stands in the tree of `size` leaves. Those behind it are left out.
   *
   * Fails:   `malformed`.
   * Plan:    a range of the primary key of `log_own`; those of `log_leaf` and `log_node`.
   */
  async ownLeaves(
    owner: Bytes,
    from: number,
    size: number,
  ): Promise<Result<OwnLeavesPage, Malformed>> {
    const { db } = this.#options;
    if (size > (await this.#head()).size) return fail({ kind: "malformed", what: "size" });
    const salts = await sql<LogSchema["log_owner"]>`
      select salt from log_owner where owner = ${owner}::uuid`.execute(db);
    const { rows } = await sql<LogSchema["log_own"]>`
      select number, leaf, kind, time, object from log_own
      where owner = ${owner}::uuid and number >= ${from}::int8 and leaf < ${size}::int8
      order by number limit ${OWN_LEAVES_PAGE_MAX + 1}`.execute(db);
    const page = rows.slice(0, OWN_LEAVES_PAGE_MAX);
    const plans = page.map(({ leaf }) => planInclusion(leaf, size));
    const hashes = await readNodes(
      db,
      plans.flatMap(({ nodes }) => nodes),
    );
    let at = 0;
    const leaves = page.map(({ number, leaf: index, kind, time, object }, place) => {
      const { nodes, join } = plans[place] as ProofPlan;
      at += nodes.length;
      return {
        number,
        index,
        kind,
        time,
        object,
        proof: join(hashes.slice(at - nodes.length, at)),
      };
    });
    const salt = salts.rows[0]?.salt ?? new Uint8Array(32);
    return ok({ salt, leaves, more: rows.length > OWN_LEAVES_PAGE_MAX });
  }

  async #prove({ nodes, join }: ProofPlan): Promise<LogProof["proof"]> {
    return join(await readNodes(this.#options.db, nodes));
  }

  async #head(): Promise<Head> {
    const { rows } = await sql<Head>`select size, root from log_head where name = ${NAME}`.execute(
      this.#options.db,
    );
    const [head] = rows;
    assert(head !== undefined, "a log's head is never removed");
    return head;
  }
}
