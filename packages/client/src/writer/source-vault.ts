import { equalBytes, ok, type Result } from "@salus/base";
import { recordHandle } from "@salus/crypto";
import type { Category } from "@salus/health";
import type { RecordHandle, SourceHandle, VaultHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import { Turns } from "../http/turns.ts";
import { Pauses } from "../pause.ts";
import type { CommitError, CommittedChange, RecordChange, Removal } from "./change.ts";
import { chunks } from "./chunks.ts";
import { commit } from "./commit.ts";
import type { Courier, Parcel } from "./courier.ts";
import { type Prepared, prepare, prepareTombstone, type Upload } from "./preparation.ts";
import { Tally, type UploadReport } from "./report.ts";
import type { VaultSession } from "./session.ts";

type Many<T> = Iterable<T> | AsyncIterable<T>;

/** A vault that this source may write into. */
export class SourceVault {
  readonly vault: VaultHandle;
  readonly #session: VaultSession;
  readonly #courier: Courier;
  /** One upload at a time: batches are numbered. */
  readonly #turns = new Turns(1);
  readonly #pauses = new Pauses();

  constructor(session: VaultSession, courier: Courier) {
    this.vault = session.options.vault;
    this.#session = session;
    this.#courier = courier;
  }

  /** What the patient's chain calls this source. */
  get source(): SourceHandle {
    return this.#session.source.source;
  }

  /** Categories that have a live cell: others need the patient to admit the source for them. */
  get categories(): readonly Category[] {
    return [...this.#session.keys.places.keys()];
  }

  /**
   * Create records, or update those that are there with another content.
   *
   * Takes:   resources of any size of stream: a batch is read, sealed and delivered while the one
   *          before is under way. `onProgress` is told the number of records delivered.
   * Leaks:   to the cloud: how many records of what size, when, by whom, in which cell; their entries.
   * Fails:   any `ClientError`; what was delivered before stays delivered, and is not sent again.
   */
  upload(
    uploads: Many<Upload>,
    onProgress?: (report: UploadReport) => void,
  ): Promise<Result<UploadReport, ClientError>> {
    const tally = new Tally();
    return this.#work("record", this.#prepareNew(uploads, tally), tally, onProgress);
  }

  /** Delete: a signed tombstone takes the place of each record, and its entries go. */
  remove(removals: Many<Removal>): Promise<Result<UploadReport, ClientError>> {
    const tally = new Tally();
    return this.#work("record", this.#prepareRemovals(removals, tally), tally);
  }

  /**
   * Make some changes, all of them in one batch, or none.
   *
   * Gives:   what became of each, in order.
   * Leaks:   as `upload`, and which records change together. To learn what it does not remember, the
   *          source asks the cloud and takes its word: for the cell of a record that it is to delete,
   *          unless the deletion says the category.
   * Fails:   any `CommitError`, and nothing is stored; but after `unreachable` the changes may be
   *          stored, now or by whatever is written into this vault next.
   */
  commit(
    changes: readonly RecordChange[],
  ): Promise<Result<readonly CommittedChange[], CommitError>> {
    return this.#turns.take(async () => {
      const resumed = await this.#courier.resume();
      return resumed.ok ? commit(this.#session, this.#courier, changes) : resumed;
    });
  }

  /**
   * The record of a name that this source deleted.
   *
   * Gives:   nothing where it lives, or never was. The cloud's word: the record's history proves it.
   * Leaks:   to the cloud: that the record is asked for.
   * Fails:   any `CloudError`.
   */
  async deleted(
    resourceType: string,
    id: string,
  ): Promise<Result<RecordHandle | undefined, ClientError>> {
    const { options, caller } = this.#session;
    const record = recordHandle(this.#session.prepareContext().records, resourceType, id);
    const told = await options.cloud.revisions(caller, this.vault, [record]);
    return told.ok ? ok(told.value.revisions[0]?.tombstone === true ? record : undefined) : told;
  }

  /**
   * Make the index entries of stored records again, under the live keys and the newest policy. The
   * records stay as they are; the source has to know them, for it cannot read them here.
   */
  reindex(
    uploads: Many<Upload>,
    onProgress?: (report: UploadReport) => void,
  ): Promise<Result<UploadReport, ClientError>> {
    const tally = new Tally();
    return this.#work("index", this.#prepare(uploads, tally), tally, onProgress);
  }

  /** Seal the next batch while the one before is under way. */
  #work(
    kind: Parcel["kind"],
    prepared: AsyncIterable<Prepared>,
    tally: Tally,
    onProgress?: (report: UploadReport) => void,
  ): Promise<Result<UploadReport, ClientError>> {
    return this.#turns.take(async () => {
      const unchanged = (): void => {
        tally.unchanged += 1;
      };
      const resumed = await this.#courier.resume();
      if (!resumed.ok) return resumed;
      let underWay: Promise<Result<void, ClientError>> = Promise.resolve(ok(undefined));
      for await (const chunk of chunks(prepared, unchanged)) {
        const parcel = await this.#courier.seal(kind, chunk, tally);
        const before = await underWay;
        onProgress?.(tally);
        if (!before.ok && parcel !== undefined) this.#courier.abandon(parcel);
        if (!before.ok) return before;
        if (parcel === undefined) continue;
        underWay = this.#courier.deliver(parcel, tally);
        // While the next is sealed nobody waits for it: what it throws is thrown when it is waited for.
        underWay.catch(() => undefined);
      }
      const last = await underWay;
      onProgress?.(tally);
      return last.ok ? ok(tally) : last;
    });
  }

  async *#prepare(uploads: Many<Upload>, tally: Tally): AsyncGenerator<Prepared> {
    for await (const upload of uploads) {
      const prepared = prepare(this.#session.prepareContext(), upload);
      if (prepared.ok) yield prepared.value;
      else tally.refused.push(prepared.error);
      await this.#pauses.take();
    }
  }

  async *#prepareNew(uploads: Many<Upload>, tally: Tally): AsyncGenerator<Prepared> {
    for await (const prepared of this.#prepare(uploads, tally)) {
      if (this.#isUnchanged(prepared)) tally.unchanged += 1;
      else yield prepared;
    }
  }

  async *#prepareRemovals(removals: Many<Removal>, tally: Tally): AsyncGenerator<Prepared> {
    for await (const removal of removals) {
      const context = this.#session.prepareContext();
      const { resourceType: type, id } = removal;
      const known = this.#courier.sent(recordHandle(context.records, type, id));
      const category = known?.category ?? removal.category;
      if (category === undefined) {
        const problem = known === undefined ? "not-stored" : "unknown-category";
        tally.refused.push({ type, id, problem, where: undefined });
        continue;
      }
      const prepared = prepareTombstone(context, category, removal);
      if (this.#isUnchanged(prepared)) tally.unchanged += 1;
      else yield prepared;
    }
  }

  #isUnchanged({ record, fingerprint }: Prepared): boolean {
    const sent = this.#courier.sent(record);
    return sent !== undefined && equalBytes(sent.fingerprint, fingerprint);
  }
}
