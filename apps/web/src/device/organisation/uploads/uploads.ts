import { fail, ok, type Result, utf8 } from "@salus/base";
import { type KeyStore, noteDeed } from "@salus/client";
import { type Open, withOpen } from "../../open.ts";
import { type Failure, type Problem, toProblem } from "../../problem.ts";
import { certifiedOrganisation, organisations } from "../kept.ts";
import { below } from "../tree.ts";
import type { FileView, Refusal } from "./tally.ts";
import { type Phase, UploadRun } from "./upload-run.ts";

/** An upload: one that goes on, or what was kept of one that is over. */
export interface UploadView {
  readonly id: string;
  /** Of the organisation. */
  readonly by: string;
  /** `interrupted`: this browser was locked or closed while it went on. */
  readonly state: Phase | "done" | "stopped" | "failed" | "interrupted";
  readonly problem: Problem | undefined;
  /** Whether it can go on as it is: its files are still at hand. */
  readonly again: boolean;
  readonly started: number;
  readonly ended: number | undefined;
  readonly files: readonly FileView[];
  /** Looked at, of twice all bytes: once to learn who treats whom, once to send. */
  readonly read: number;
  readonly bytes: number;
  readonly stored: number;
  /** There before, with the same content. */
  readonly unchanged: number;
  readonly refused: number;
  /** How many for which reason, the most frequent first. */
  readonly whys: readonly (readonly [why: string, count: number])[];
}

/** What is kept of an upload, and what of it was not taken. */
interface Kept {
  readonly view: UploadView;
  readonly refusals: readonly Refusal[];
}

interface Running {
  readonly run: UploadRun;
  readonly files: readonly File[];
  readonly alias: string;
  view: UploadView;
}

const FOLDER = "uploads/";
const SHOWN = 30;

/** Uploads of this sitting: with the worker they end. */
const running = new WeakMap<Open, Map<string, Running>>();

function runsOf(open: Open): Map<string, Running> {
  const known = running.get(open) ?? new Map<string, Running>();
  running.set(open, known);
  return known;
}

/**
 * Begin to upload files in the name of an organisation. It goes on while other screens are shown.
 *
 * Takes:   `alias`, what the files call the organisation, where that is not its number.
 * Gives:   the upload's name.
 * Fails:   `not-certified`, `busy`, any `CloudError`.
 */
export function start(
  by: string,
  files: readonly File[],
  alias: string,
): Promise<Result<string, Problem>> {
  return withOpen((open) => begin(open, by, files, alias));
}

/** Begin one again that was stopped or has failed in this sitting. Fails: `not-found`; as `start`. */
export function again(id: string): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const before = runsOf(open).get(id);
    if (before === undefined) return fail({ kind: "not-found" });
    const begun = await begin(open, before.view.by, before.files, before.alias);
    if (!begun.ok) return begun;
    runsOf(open).delete(id);
    return begun;
  });
}

/** Stop one; what is under way is finished. */
export function stop(id: string): Promise<Result<void, Problem>> {
  return withOpen(async (open) => {
    runsOf(open).get(id)?.run.stop();
    return ok(undefined);
  });
}

/** Uploads that go on now, and those of before, the newest first. Fails: `store-damaged`. */
export function list(): Promise<Result<readonly UploadView[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly UploadView[], Failure>> => {
    const all = await organisations(open);
    if (!all.ok) return all;
    const found: UploadView[] = [...runsOf(open).values()].map(viewOf);
    const known = new Set(found.map(({ id }) => id));
    for (const { store } of all.value) {
      const names = await store.list(FOLDER);
      for (const name of names.slice(-SHOWN)) {
        if (known.has(name.slice(FOLDER.length))) continue;
        const kept = await read(store, name);
        if (!kept.ok) return kept;
        found.push(overOf(kept.value.view));
      }
    }
    return ok(found.toSorted((a, b) => b.started - a.started));
  });
}

/** What of an upload was not taken, with places and reasons. Fails: `not-found`, `store-damaged`. */
export function refusals(by: string, id: string): Promise<Result<readonly Refusal[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly Refusal[], Failure>> => {
    const run = runsOf(open).get(id)?.run;
    if (run !== undefined) return ok([...run.tally.refusals]);
    const all = await organisations(open);
    if (!all.ok) return all;
    const store = all.value.find(({ about }) => about.node === by)?.store;
    if (store === undefined) return fail({ kind: "not-found" });
    const kept = await read(store, FOLDER + id);
    return kept.ok ? ok(kept.value.refusals) : kept;
  });
}

async function begin(
  open: Open,
  by: string,
  files: readonly File[],
  alias: string,
): Promise<Result<string, Failure>> {
  if (files.length === 0) return fail({ kind: "bad-input", what: "files" });
  const goesOn = [...runsOf(open).values()].some(({ view }) => view.ended === undefined);
  // Batches are numbered: two at a time would wait for each other at every one.
  if (goesOn) return fail({ kind: "busy" });
  const found = await certifiedOrganisation(open, by);
  if (!found.ok) return found;
  const { kept, provider: own, registry } = found.value;
  const context = { cloud: open.cloud, kept, own, below: below(registry, own), alias, files };
  const run = new UploadRun(context);
  const id = `${String(Date.now()).padStart(14, "0")}-${crypto.randomUUID().slice(0, 8)}`;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const first: UploadView = {
    ...{ id, by, state: "looking", problem: undefined, again: false },
    ...{ started: Date.now(), ended: undefined, files: run.tally.files },
    ...{ read: 0, bytes: 2 * bytes, stored: 0, unchanged: 0, refused: 0, whys: [] },
  };
  const here: Running = { run, files, alias, view: first };
  runsOf(open).set(id, here);
  await write(kept.store, { view: first, refusals: [] });
  // It goes on by itself: the page asks how far it is.
  void work(kept.store, here);
  return ok(id);
}

async function work(store: KeyStore, here: Running): Promise<void> {
  const { run } = here;
  const failure = await run.run().catch((): Failure => ({ kind: "bug" }));
  const state = failure !== undefined ? "failed" : run.isStopped ? "stopped" : "done";
  const problem = failure && toProblem(failure);
  const isOver = state === "done";
  here.view = { ...viewOf(here), state, problem, again: !isOver, ended: Date.now() };
  const { stored: count, files } = here.view;
  const who = files.map(({ name }) => name).join(", ");
  await noteDeed(store, { did: "uploaded", who, count });
  await write(store, { view: here.view, refusals: run.tally.refusals });
}

/** How far one is that goes on. */
function viewOf({ run, view }: Running): UploadView {
  if (view.ended !== undefined) return view;
  const { files, bytes, stored, unchanged, whys } = run.tally;
  const counted = [...whys].sort(([, a], [, b]) => b - a);
  const refused = counted.reduce((sum, [, count]) => sum + count, 0);
  const copies = files.map((file) => ({ ...file }));
  const state = run.phase;
  const read = Math.min(bytes, view.bytes);
  return { ...view, state, files: copies, read, stored, unchanged, refused, whys: counted };
}

/** One of before that is not over went on when the browser was locked. */
function overOf(view: UploadView): UploadView {
  return { ...view, again: false, ...(view.ended === undefined && { state: "interrupted" }) };
}

async function read(store: KeyStore, name: string): Promise<Result<Kept, Failure>> {
  const stored = await store.read(name);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return fail({ kind: "not-found" });
  return ok(JSON.parse(new TextDecoder().decode(stored.value)) as Kept);
}

function write(store: KeyStore, kept: Kept): Promise<void> {
  return store.write(FOLDER + kept.view.id, utf8(JSON.stringify(kept)));
}
