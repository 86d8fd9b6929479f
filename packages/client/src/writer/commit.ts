import { assert, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { recordHandle } from "@salus/crypto";
import { type BatchItem, LIMITS, type RecordHandle } from "@salus/protocol";
import type { Resource } from "../resource.ts";
import type { CommitError, CommittedChange, Delete, NewRevision, RecordChange } from "./change.ts";
import type { Courier, Parcel } from "./courier.ts";
import { NO_FINGERPRINT, type Sent } from "./journal.ts";
import { type Prepared, prepare, prepareTombstone, tombstoneFingerprint } from "./preparation.ts";
import { type RefusedRecord, Tally } from "./report.ts";
import type { BatchRecord, SealedBatch } from "./sealed-batch.ts";
import type { VaultSession } from "./session.ts";

/** How often changes are sealed again because another home of this source was quicker. */
const ATTEMPTS_MAX = 12;
/** What an upload has beside its items: a statement, wraps, certificates. */
const AROUND_ITEMS_BYTES = 1_048_576;
/** Of the encoding, around an item and around an entry. */
const AROUND_ITEM_BYTES = 32;
const AROUND_ENTRY_BYTES = 4;

/** A change, and what is known of it whichever revision it makes. */
interface Intent {
  readonly at: number;
  readonly change: RecordChange;
  readonly record: RecordHandle;
  /** What a deletion of the record would be known by. */
  readonly deleted: Prepared["fingerprint"];
  /** A put without its stamp. */
  readonly put: Prepared | undefined;
}

/** What is to be done about an intent, as the vault is thought to be. */
interface Step {
  readonly intent: Intent;
  readonly revision: number;
  readonly stood: boolean;
  /** Nothing where all is so already. */
  readonly record: BatchRecord | undefined;
  readonly resource: Resource | undefined;
}

/**
 * Make changes in one batch: seal them for the vault as it is thought to be, and where it is not so,
 * look and seal anew.
 *
 * A batch says which one it comes after, so one that is taken proves that nobody else had written: what
 * was thought is then what was so. Where nothing needs to be sent the cloud is asked instead.
 */
export async function commit(
  session: VaultSession,
  courier: Courier,
  changes: readonly RecordChange[],
): Promise<Result<readonly CommittedChange[], CommitError>> {
  const most = LIMITS.batchItems;
  if (changes.length > most) return fail({ kind: "too-many-changes", what: "records", most });
  const intents = intentsOf(session, changes);
  if (!intents.ok) return intents;
  for (let left = ATTEMPTS_MAX - 1; ; left -= 1) {
    const learnt = await learn(courier, intents.value);
    if (!learnt.ok) return learnt;
    const at = Date.now();
    const steps = stepsOf(session, courier, intents.value, at);
    if (!steps.ok) return steps;
    const records = steps.value.flatMap(({ record }) => record ?? []);
    if (records.length === 0) {
      const others = await courier.lookUp(intents.value.map(({ record }) => record));
      if (!others.ok) return others;
      if (others.value === 0) return ok(steps.value.map((step) => committed(step, undefined, at)));
      if (left > 0) continue;
      return fail({ kind: "malformed-answer", what: "revisions" });
    }
    const parcel = await courier.sealAssigned("record", records, at);
    const misfit = misfitOf(parcel.sealed, steps.value);
    if (misfit !== undefined) {
      courier.abandon(parcel);
      return fail(misfit);
    }
    const tried = await courier.attempt(parcel, new Tally(), left > 0);
    if (!tried.ok) return tried;
    if (tried.value === "taken") return ok(steps.value.map((step) => committed(step, parcel, at)));
  }
}

function intentsOf(
  session: VaultSession,
  changes: readonly RecordChange[],
): Result<readonly Intent[], CommitError> {
  const context = session.prepareContext();
  const intents = new Map<string, Intent>();
  for (const [at, change] of changes.entries()) {
    const put = change.kind === "put" ? prepare(context, change) : undefined;
    if (put?.ok === false) return fail({ kind: "refused-record", change: at, refused: put.error });
    const { type, id } = change.kind === "put" ? assured(put?.value) : nameOf(change);
    const record = recordHandle(context.records, type, id);
    if (intents.has(toHex(record))) return fail({ kind: "repeated-record", change: at });
    const deleted = tombstoneFingerprint(context.organisation, type, id);
    intents.set(toHex(record), { at, change, record, deleted, put: put?.value });
  }
  return ok([...intents.values()]);
}

function nameOf({ resourceType, id }: Delete): { readonly type: string; readonly id: string } {
  return { type: resourceType, id };
}

/** Ask the cloud where what is remembered does not say enough, or not what a change expects. */
async function learn(
  courier: Courier,
  intents: readonly Intent[],
): Promise<Result<void, CommitError>> {
  const open = intents.filter(({ record, change }) => {
    const sent = courier.sent(record);
    if (change.expects !== undefined && change.expects !== (sent?.revision ?? 0)) return true;
    return sent !== undefined && !isRemembered(sent) && sent.live === undefined;
  });
  if (open.length === 0) return ok(undefined);
  const told = await courier.lookUp(open.map(({ record }) => record));
  return told.ok ? ok(undefined) : told;
}

function isRemembered({ fingerprint }: Sent): boolean {
  return !equalBytes(fingerprint, NO_FINGERPRINT);
}

function stepsOf(
  session: VaultSession,
  courier: Courier,
  intents: readonly Intent[],
  at: number,
): Result<readonly Step[], CommitError> {
  const steps: Step[] = [];
  for (const intent of intents) {
    const { change, record, deleted, put } = intent;
    const sent = courier.sent(record);
    const stored = sent?.revision ?? 0;
    if (change.expects !== undefined && change.expects !== stored) {
      return fail({ kind: "revision-conflict", change: intent.at, record, revision: stored });
    }
    const stood = sent !== undefined && isLive(sent, deleted);
    const isSo =
      sent === undefined
        ? put === undefined
        : equalBytes(sent.fingerprint, put?.fingerprint ?? deleted);
    if (isSo) {
      steps.push({ intent, revision: stored, stood, record: undefined, resource: undefined });
      continue;
    }
    const step = stepOf(session, intent, sent, { revision: stored + 1, at });
    if (!step.ok) return step;
    steps.push({ ...step.value, stood });
  }
  return ok(steps);
}

function isLive(sent: Sent, deleted: Prepared["fingerprint"]): boolean {
  return isRemembered(sent) ? !equalBytes(sent.fingerprint, deleted) : sent.live !== false;
}

/** What makes the next revision of a record. */
function stepOf(
  session: VaultSession,
  { at, change, put, ...intent }: Intent,
  sent: Sent | undefined,
  next: NewRevision,
): Result<Omit<Step, "stood">, CommitError> {
  const refuse = (refused: RefusedRecord): Result<never, CommitError> =>
    fail({ kind: "refused-record", change: at, refused });
  const context = session.prepareContext();
  let prepared: Prepared;
  let resource: Resource | undefined;
  if (change.kind === "put") {
    resource = change.stamp?.(change.resource, next) ?? change.resource;
    const stamped = change.stamp ? prepare(context, { ...change, resource }) : ok(assured(put));
    if (!stamped.ok) return refuse(stamped.error);
    prepared = { ...stamped.value, fingerprint: assured(put).fingerprint };
    assert(equalBytes(prepared.record, intent.record), "a stamp leaves a resource its name");
  } else {
    const category = change.category ?? sent?.category;
    const { type, id } = nameOf(change);
    const unknown = { type, id, problem: "unknown-category", where: undefined } as const;
    if (category === undefined) return refuse(unknown);
    prepared = prepareTombstone(context, category, change);
  }
  const { type, id, category } = prepared;
  const place = session.keys.places.get(category);
  if (place === undefined) return refuse({ type, id, problem: "no-cell", where: category });
  const { revision } = next;
  const record: BatchRecord = { prepared, place, revision, kind: "record" };
  return ok({ intent: { at, change, put, ...intent }, revision, record, resource });
}

/** Why a sealed batch cannot be sent as it is. */
function misfitOf(sealed: SealedBatch, steps: readonly Step[]): CommitError | undefined {
  const [overfull] = sealed.overfull;
  if (overfull !== undefined) {
    const step = steps.find(({ record }) => record?.prepared === overfull);
    const { type, id } = overfull;
    const refused = { type, id, problem: "too-many-values", where: undefined } as const;
    return { kind: "refused-record", change: assured(step).intent.at, refused };
  }
  const most = LIMITS.bodyBytes - AROUND_ITEMS_BYTES;
  const bytes = sealed.items.reduce((sum, item) => sum + sizeOf(item), 0);
  return bytes > most ? { kind: "too-many-changes", what: "bytes", most } : undefined;
}

function sizeOf(item: BatchItem): number {
  const envelope = "envelope" in item ? item.envelope.length : 0;
  const entries = item.entries.reduce((sum, { length }) => sum + length + AROUND_ENTRY_BYTES, 0);
  return envelope + entries + AROUND_ITEM_BYTES;
}

function committed(step: Step, parcel: Parcel | undefined, at: number): CommittedChange {
  const { intent, revision, stood, resource } = step;
  const isMade = parcel !== undefined && step.record !== undefined;
  const made = isMade ? { batch: parcel.sealed.batch, at, resource } : undefined;
  return { record: intent.record, revision, stood, made };
}

function assured<T>(value: T | undefined): T {
  assert(value !== undefined, "what is put has been prepared");
  return value;
}
