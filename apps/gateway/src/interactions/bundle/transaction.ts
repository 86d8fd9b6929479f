import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import type { Answer, Answering, Asked } from "../../http/exchange.ts";
import {
  type Issue,
  isFailure,
  type Outcome,
  outcomeOfWorldError,
  refusal,
} from "../../outcome.ts";
import type { Change, Committed, WorldError } from "../../world.ts";
import type { Desk } from "../desk.ts";
import { NONE } from "../expectation.ts";
import { looksFirst } from "../placing.ts";
import { versionOf } from "../resource-body.ts";
import { answerTo, type Prepared, prepare } from "../writing.ts";
import { resolveConditional } from "./conditional-references.ts";
import { type Entry, within } from "./entries.ts";
import { isConditional, referencesIn, relinked, relinkOf } from "./links.ts";
import { type PlacedEntry, placeEntries } from "./placed-entries.ts";
import { type Done, responseBundle } from "./response.ts";

/** What does an interaction that changes nothing. */
export type Asking = (desk: Desk, asked: Asked) => Answering;

interface Ready extends PlacedEntry {
  readonly prepared: Prepared;
}

/**
 * Do all entries of a bundle, or none.
 *
 * What they change goes into one commit of the world, which is one transaction of the cloud for each vault. What they only
 * ask is asked before, for what fails there must keep everything from being stored, and once more afterwards, when its
 * answer is true.
 *
 * Fails:   as the first entry that does, with its place in the bundle; 422 with all that is wrong in any.
 * Source:  R4 http §3.1.0.11.2.
 */
export async function transaction(
  desk: Desk,
  read: readonly Result<Entry, Outcome>[],
  { ask, preferences }: { readonly ask: Asking } & Pick<Asked, "preferences">,
): Promise<Result<Resource, Outcome>> {
  const entries: Entry[] = [];
  for (const entry of read) {
    if (!entry.ok) return entry;
    entries.push(entry.value);
  }
  const work = () => transactNow(desk, entries, { ask, preferences });
  return entries.some(looksAround) ? desk.turns.take(work) : work();
}

/** Whether an entry depends on what stands elsewhere: on a condition, or on what a reference finds. */
function looksAround({ asked }: Entry): boolean {
  if (looksFirst(asked)) return true;
  const { body } = asked;
  return body.kind === "resource" && referencesIn(body.value as Resource).some(isConditional);
}

async function transactNow(
  desk: Desk,
  entries: readonly Entry[],
  { ask, preferences }: { readonly ask: Asking } & Pick<Asked, "preferences">,
): Promise<Result<Resource, Outcome>> {
  const placed = await placeEntries(desk, entries);
  if (!placed.ok) return placed;
  const linked = await link(desk, placed.value);
  if (!linked.ok) return linked;
  const ready = await prepareAll(linked.value);
  if (!ready.ok) return ready;
  const written = new Set(ready.value.map(({ entry }) => entry.index));
  const asking = entries.filter(({ index }) => !written.has(index));
  const changes = ready.value.flatMap(({ prepared }) => prepared.change ?? []);
  const tried = await askAll(desk, asking, ask, changes);
  if (!tried.ok) return tried;
  const made = await commit(desk, ready.value, changes);
  if (!made.ok) return made;
  const done = new Map<number, Done>();
  for (const { entry, where, prepared } of ready.value) {
    const committed = prepared.change && made.value.get(prepared.change);
    done.set(entry.index, ok(answerTo(where, committed, preferences, prepared.issues)));
  }
  for (const entry of asking) {
    const answer = changes.length > 0 ? await ask(desk, entry.asked) : tried.value.get(entry);
    if (answer !== undefined) done.set(entry.index, answer);
  }
  const inOrder = entries.map(({ index }) => done.get(index)).filter((each) => each !== undefined);
  return ok(responseBundle("transaction", desk.base, inOrder));
}

/** Point references to entries of the bundle, and conditional ones, at the places that are meant. */
async function link(
  desk: Desk,
  placed: readonly PlacedEntry[],
): Promise<Result<readonly PlacedEntry[], Outcome>> {
  const conditional = await resolveConditional(desk, placed);
  if (!conditional.ok) return conditional;
  const places = new Map(
    placed.flatMap(({ entry: { fullUrl }, where }) =>
      fullUrl === undefined || where.kind === "absent" || where.kind === "delete"
        ? []
        : [[fullUrl, `${where.type}/${where.id}`] as const],
    ),
  );
  const linked = placed.map(({ entry, where }) => {
    if (where.kind !== "put") return { entry, where };
    const relink = relinkOf(places, entry.fullUrl, conditional.value);
    return { entry, where: { ...where, resource: relinked(where.resource, relink) } };
  });
  return ok(linked);
}

/** Judge everything, and say all that is wrong at once. */
async function prepareAll(
  placed: readonly PlacedEntry[],
): Promise<Result<readonly Ready[], Outcome>> {
  const ready: Ready[] = [];
  const issues: Issue[] = [];
  for (const { entry, where } of placed) {
    const prepared = await prepare(where);
    if (prepared.ok) ready.push({ entry, where, prepared: prepared.value });
    else issues.push(...within(entry.index, prepared.error).issues);
  }
  return isFailure(issues) ? fail({ status: 422, issues }) : ok(ready);
}

/** Ask what changes nothing. What reads a resource that is about to be stored is asked afterwards alone. */
async function askAll(
  desk: Desk,
  entries: readonly Entry[],
  ask: Asking,
  changes: readonly Change[],
): Promise<Result<ReadonlyMap<Entry, Done & { readonly ok: true }>, Outcome>> {
  const answers = new Map<Entry, { readonly ok: true; readonly value: Answer }>();
  for (const entry of entries) {
    const { target, method } = entry.asked;
    if (target.kind === "instance" && method === "GET") {
      const change = changes.find((each) => isAbout(each, target));
      if (change?.kind === "put") continue;
      if (change !== undefined) {
        const says = "It is deleted by the same transaction.";
        return fail(within(entry.index, refusal(410, "deleted", says)));
      }
    }
    const answer = await ask(desk, entry.asked);
    if (!answer.ok) return fail(within(entry.index, answer.error));
    answers.set(entry, answer);
  }
  return ok(answers);
}

interface Name {
  readonly type: string;
  readonly id: string;
}

const nameOf = (change: Change): Name =>
  change.kind === "put"
    ? { type: change.resource.resourceType, id: change.resource.id ?? "" }
    : { type: change.type, id: change.id };

function isAbout(change: Change, { type, id }: Name): boolean {
  const name = nameOf(change);
  return name.type === type && name.id === id;
}

async function commit(
  desk: Desk,
  ready: readonly Ready[],
  changes: readonly Change[],
): Promise<Result<ReadonlyMap<Change, Committed>, Outcome>> {
  if (changes.length === 0) return ok(new Map());
  const stale = changes.length === 1 ? undefined : await staleIn(desk, changes);
  if (stale !== undefined) return fail(blame(ready, stale));
  const committed = await desk.world.commit(changes);
  if (!committed.ok) return fail(blame(ready, committed.error));
  const made = committed.value.map((each, at) => [changes[at] as Change, each] as const);
  return ok(new Map(made));
}

/**
 * The first change that expects a version which is over. The commit compares them all the same, but one vault after the
 * other: what is known to fail is not begun.
 */
async function staleIn(desk: Desk, changes: readonly Change[]): Promise<WorldError | undefined> {
  for (const change of changes) {
    const { expects } = change;
    if (expects === undefined || expects === NONE) continue;
    const { type, id } = nameOf(change);
    const read = await desk.world.read(type, id);
    if (!read.ok) return read.error;
    const stands = read.value === undefined || read.value === "gone" ? undefined : read.value;
    const versionId = stands === undefined ? NONE : versionOf(stands.resource).versionId;
    if (versionId !== expects) return { kind: "version-conflict", type, id, versionId };
  }
  return undefined;
}

/** Say which entry it was, where the world says which resource. */
function blame(ready: readonly Ready[], error: WorldError): Outcome {
  const outcome = outcomeOfWorldError(error);
  if (!("type" in error && "id" in error)) return outcome;
  const name = { type: error.type, id: error.id };
  const at = ready.find(
    ({ prepared: { change } }) => change !== undefined && isAbout(change, name),
  );
  return at === undefined ? outcome : within(at.entry.index, outcome);
}
