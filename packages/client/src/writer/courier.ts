import { assert, concat, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { Receipt } from "@salus/protocol";
import type { CloudResult } from "../cloud/port.ts";
import type { ClientError, Refused } from "../failure.ts";
import { followBatches } from "../vault/batches.ts";
import type { BatchHead } from "../vault/pins.ts";
import { type Journal, journalRow, NO_FINGERPRINT, type Sent } from "./journal.ts";
import type { Outbox, Undelivered } from "./outbox.ts";
import type { Prepared } from "./preparation.ts";
import type { RefusedRecord, Tally } from "./report.ts";
import { type BatchRecord, type SealedBatch, sealBatch, signBatch } from "./sealed-batch.ts";
import type { VaultSession } from "./session.ts";

/** Records on their way into one batch. */
export interface Parcel {
  readonly kind: BatchRecord["kind"];
  readonly records: readonly Prepared[];
  readonly sealed: SealedBatch;
}

/** How often a batch is made again because the vault is not as it was thought to be. */
const REPAIRS_MAX = 4;

/**
 * Carries sealed batches into one vault, one after the other, and remembers what arrived.
 *
 * A batch can be sealed while the one before is under way: what that one will have done is known.
 */
export class Courier {
  readonly #session: VaultSession;
  readonly #journal: Journal;
  readonly #outbox: Outbox;
  /** What is under way, by record. */
  readonly #sending = new Map<string, Sent>();

  constructor(session: VaultSession, journal: Journal, outbox: Outbox) {
    this.#session = session;
    this.#journal = journal;
    this.#outbox = outbox;
  }

  /** What the vault holds of a record, or will when what is under way has arrived. */
  sent(record: Prepared["record"]): Sent | undefined {
    return this.#sending.get(toHex(record)) ?? this.#journal.sent(record);
  }

  /**
   * Deliver what a run left behind that did not end: the stored bytes, again.
   *
   * Gives:   whether there was something.
   */
  async resume(): Promise<Result<boolean, ClientError>> {
    const left = await this.#outbox.take();
    if (!left.ok) return left;
    if (left.value === undefined) return ok(false);
    const { head, rows, body } = left.value;
    if ((this.#journal.head?.number ?? 0) < head.number) {
      const receipt = await this.#post(body);
      if (!receipt.ok && !isFinal(receipt.error)) return receipt;
      // A final refusal means that nothing of it was stored: its records come again as new ones.
      if (receipt.ok) await this.#journal.note(head, rows);
    }
    await this.#outbox.clear();
    return ok(true);
  }

  /** Seal records for the next batch; none when there is nothing left of them. */
  async seal(
    kind: Parcel["kind"],
    records: readonly Prepared[],
    tally: Tally,
  ): Promise<Parcel | undefined> {
    const accepted: BatchRecord[] = [];
    for (const prepared of records) {
      const record = this.#assign(kind, prepared);
      if ("problem" in record) tally.refused.push(record);
      else accepted.push(record);
    }
    if (accepted.length === 0) return undefined;
    const parcel = await this.sealAssigned(kind, accepted);
    for (const { type, id } of parcel.sealed.overfull) {
      tally.refused.push({ type, id, problem: "too-many-values", where: undefined });
    }
    return parcel.records.length === 0 ? undefined : parcel;
  }

  /** Seal records whose place and revision are known; those that are overfull are not under way. */
  async sealAssigned(
    kind: Parcel["kind"],
    records: readonly BatchRecord[],
    at?: number,
  ): Promise<Parcel> {
    const sealed = await sealBatch(this.#session.batchContext(), records, at);
    const kept = records.filter(({ prepared }) => !sealed.overfull.includes(prepared));
    for (const { prepared, revision } of kept) {
      const { fingerprint, category } = prepared;
      this.#sending.set(toHex(prepared.record), { revision, fingerprint, category });
    }
    return { kind, records: kept.map(({ prepared }) => prepared), sealed };
  }

  /**
   * Deliver a parcel, whatever it takes: where the vault is not as it was thought to be, look, seal
   * anew, and try again.
   *
   * Fails:   `unreachable`: what was sent stays in the outbox. Else any `ClientError`, with nothing
   *          stored.
   */
  async deliver(parcel: Parcel, tally: Tally): Promise<Result<void, ClientError>> {
    let current: Parcel | undefined = parcel;
    for (let left = REPAIRS_MAX - 1; current !== undefined; left -= 1) {
      const tried = await this.attempt(current, tally, left > 0);
      if (!tried.ok) return tried;
      if (tried.value === "taken") break;
      current = await this.seal(current.kind, current.records, tally);
    }
    return ok(undefined);
  }

  /**
   * Send a parcel once.
   *
   * Gives:   "taken"; or "other", when the vault was not as it was thought to be, nothing of the parcel
   *          was stored, and what was learnt may let another one through.
   * Takes:   `mayRepair`: whether to learn, instead of failing.
   */
  async attempt(
    parcel: Parcel,
    tally: Tally,
    mayRepair: boolean,
  ): Promise<Result<"taken" | "other", ClientError>> {
    const sent = await this.#send(parcel, tally);
    if (sent.ok) return ok("taken");
    this.abandon(parcel);
    if (!isFinal(sent.error) || !mayRepair) return sent;
    const repaired = await this.#repair(sent.error, parcel);
    return repaired.ok ? ok("other") : repaired;
  }

  /**
   * Ask the cloud what it has of some records, and take its word for it: but not that it has less than
   * it has acknowledged, or one revision would be sealed twice, with two contents.
   *
   * Gives:   how many of them were thought to be of another revision.
   * Fails:   `rollback`; any `CloudError`.
   */
  async lookUp(records: readonly Prepared["record"][]): Promise<Result<number, ClientError>> {
    const { cloud, vault } = this.#session.options;
    const answer = await cloud.revisions(this.#session.caller, vault, records);
    if (!answer.ok) return answer;
    const { revisions } = answer.value;
    if (revisions.length !== records.length) {
      return fail({ kind: "malformed-answer", what: "revisions" });
    }
    let others = 0;
    for (const [at, record] of records.entries()) {
      const told = revisions[at];
      assert(told !== undefined, "there is a revision for every record");
      const { revision, tombstone, cell } = told;
      if (revision < (this.#journal.sent(record)?.revision ?? 0)) {
        return fail({ kind: "rollback", what: "batch", vault });
      }
      const category = this.#session.keys.categories.get(toHex(cell));
      if (this.#journal.correct(record, { revision, category, live: !tombstone })) others += 1;
    }
    return ok(others);
  }

  /** Forget that the records of a parcel are under way. */
  abandon({ records }: Parcel): void {
    for (const { record } of records) this.#sending.delete(toHex(record));
  }

  async #send({ sealed, records }: Parcel, tally: Tally): Promise<Result<void, ClientError>> {
    const fresh = await this.#session.refresh("due");
    if (!fresh.ok) return fresh;
    const context = this.#session.batchContext();
    const { body, head } = signBatch(context, sealed, this.#journal.head, Date.now());
    const parcel: Undelivered = { head, body, rows: sealed.rows };
    await this.#outbox.put(parcel);
    const receipt = await this.#post(body);
    if (!receipt.ok) {
      if (isFinal(receipt.error)) await this.#outbox.clear();
      return receipt;
    }
    if (!confirms(receipt.value, sealed, head)) {
      return fail({ kind: "malformed-answer", what: "receipt" });
    }
    await this.#journal.note(head, sealed.rows);
    await this.#outbox.clear();
    this.#session.markIntroduced(sealed.scopes);
    for (const { record } of records) this.#arrived(record);
    tally.records += sealed.items.length;
    tally.entries += sealed.entries;
    tally.batches += 1;
    tally.bytes += body.length;
    return ok(undefined);
  }

  #post(body: Undelivered["body"]): CloudResult<Receipt> {
    const { cloud, vault } = this.#session.options;
    return cloud.upload(this.#session.caller, vault, body);
  }

  /** Forget that a record is under way, unless a later batch already carries its next revision. */
  #arrived(record: Prepared["record"]): void {
    const name = toHex(record);
    const under = this.#sending.get(name);
    const noted = this.#journal.sent(record);
    if (under !== undefined && under.revision <= (noted?.revision ?? 0)) this.#sending.delete(name);
  }

  #assign(kind: Parcel["kind"], prepared: Prepared): BatchRecord | RefusedRecord {
    const { type, id, category } = prepared;
    const refuse = (problem: RefusedRecord["problem"], where?: string): RefusedRecord => ({
      type,
      id,
      problem,
      where,
    });
    const place = this.#session.keys.places.get(category);
    if (place === undefined) return refuse("no-cell", category);
    const known = this.sent(prepared.record);
    if (kind === "record") {
      if (prepared.tombstone && known === undefined) return refuse("not-stored");
      return { prepared, place, revision: (known?.revision ?? 0) + 1, kind };
    }
    if (known === undefined) return refuse("not-stored");
    const { fingerprint } = known;
    const unknown = equalBytes(fingerprint, NO_FINGERPRINT);
    if (!unknown && !equalBytes(fingerprint, prepared.fingerprint)) return refuse("changed");
    return { prepared, place, revision: known.revision, kind };
  }

  /** Learn what the refusal says about the vault. Fails: when that does not help. */
  async #repair(refused: Refused, parcel: Parcel): Promise<Result<void, ClientError>> {
    switch (refused.problem) {
      case "batch-number":
        return this.#catchUp();
      case "revision-conflict": {
        const found = await this.lookUp(parcel.records.map(({ record }) => record));
        return found.ok ? ok(undefined) : found;
      }
      case "not-live":
      case "unknown-cell":
      case "unknown-scope":
        return this.#session.refresh("now");
      default:
        return fail(refused);
    }
  }

  /**
   * Take over the batches that this source has delivered from another home, or before its home was
   * lost: signed by its key, one after the other, from the newest that is known.
   *
   * Fails:   `rollback` when the cloud has fewer than were acknowledged, or others.
   */
  async #catchUp(): Promise<Result<void, ClientError>> {
    const { cloud, vault } = this.#session.options;
    const from = { cloud, caller: this.#session.caller, vault, source: this.#session.source };
    let found = false;
    for await (const batch of followBatches(from, this.#journal.head)) {
      if (!batch.ok) return batch;
      const rows = batch.value.leaves.flatMap(({ kind, record, revision }) => {
        const sent = { revision, fingerprint: NO_FINGERPRINT, category: undefined };
        return kind === "record" ? [journalRow(record, sent)] : [];
      });
      await this.#journal.note(batch.value.head, concat(...rows));
      found = true;
    }
    return found ? ok(undefined) : fail({ kind: "rollback", what: "batch", vault });
  }
}

/** Whether the cloud has decided: neither lost on the way, nor put off. */
function isFinal(error: ClientError): error is Refused {
  return error.kind === "refused" && error.status !== 429 && error.status !== 503;
}

function confirms(receipt: Receipt, sealed: SealedBatch, head: BatchHead): boolean {
  return (
    equalBytes(receipt.batch, sealed.batch) &&
    receipt.number === head.number &&
    equalBytes(receipt.hash, head.hash)
  );
}
