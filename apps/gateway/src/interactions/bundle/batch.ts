import { ok } from "@salus/base";
import type { Asked } from "../../http/exchange.ts";
import { outcomeOfWorldError } from "../../outcome.ts";
import type { Desk } from "../desk.ts";
import { looksFirst, type Placed, place } from "../placing.ts";
import { answerTo, type Prepared, prepare } from "../writing.ts";
import { type AskedBundle, type Entry, within } from "./entries.ts";
import type { Done } from "./response.ts";
import type { Asking } from "./transaction.ts";

/** So many writes are stored by one commit. */
const TOGETHER_MAX = 200;

interface Ready {
  readonly entry: Entry;
  readonly where: Placed;
  readonly prepared: Prepared;
}

type How = { readonly ask: Asking } & Pick<Asked, "preferences">;

/**
 * Do the entries of a batch, each on its own.
 *
 * Writes that follow one another and depend on nothing are stored by one commit, because a commit costs more than what is
 * in it. Where that is refused each is done by itself, so that one entry keeps no other from being stored.
 *
 * Gives:   what became of each, in order.
 */
export async function batch(
  desk: Desk,
  entries: AskedBundle["entries"],
  how: How,
): Promise<readonly Done[]> {
  const done = new Map<number, Done>();
  let waiting: Entry[] = [];
  const flush = async (): Promise<void> => {
    const together = waiting;
    waiting = [];
    for (const [index, each] of await storeTogether(desk, together, how)) done.set(index, each);
  };
  for (const [index, entry] of entries.entries()) {
    if (!entry.ok) {
      done.set(index, entry);
    } else if (isPlainWrite(entry.value)) {
      waiting.push(entry.value);
      if (waiting.length === TOGETHER_MAX) await flush();
    } else {
      await flush();
      done.set(index, await alone(desk, entry.value, how));
    }
  }
  await flush();
  return entries.flatMap((_, index) => done.get(index) ?? []);
}

/** A write that needs to find or to change nothing first. */
function isPlainWrite({ asked }: Entry): boolean {
  const { method, target } = asked;
  if (looksFirst(asked)) return false;
  if (method === "POST") return target.kind === "type";
  return (method === "PUT" || method === "DELETE") && target.kind === "instance";
}

async function alone(desk: Desk, { asked, index }: Entry, { ask }: How): Promise<Done> {
  const answer = await ask(desk, asked);
  return answer.ok ? answer : { ok: false, error: within(index, answer.error) };
}

async function storeTogether(
  desk: Desk,
  entries: readonly Entry[],
  how: How,
): Promise<ReadonlyMap<number, Done>> {
  const done = new Map<number, Done>();
  const ready: Ready[] = [];
  const later: Entry[] = [];
  const names = new Set<string>();
  for (const entry of entries) {
    const { target } = entry.asked;
    const name = target.kind === "instance" ? `${target.type}/${target.id}` : "";
    // Of two writes of one resource the second finds what the first has left.
    if (name !== "" && names.has(name)) later.push(entry);
    else {
      names.add(name);
      const judged = await judge(desk, entry);
      if (judged.ok) ready.push(judged.value);
      else done.set(entry.index, judged);
    }
  }
  const stored = await commit(desk, ready, how);
  if (stored === undefined) later.unshift(...ready.map(({ entry }) => entry));
  for (const [index, each] of stored ?? []) done.set(index, each);
  for (const entry of later) done.set(entry.index, await alone(desk, entry, how));
  return done;
}

async function judge(
  desk: Desk,
  entry: Entry,
): Promise<{ readonly ok: true; readonly value: Ready } | Extract<Done, { readonly ok: false }>> {
  const where = await place(desk, entry.asked);
  if (!where.ok) return { ok: false, error: within(entry.index, where.error) };
  const prepared = await prepare(where.value);
  if (!prepared.ok) return { ok: false, error: within(entry.index, prepared.error) };
  return ok({ entry, where: where.value, prepared: prepared.value });
}

/**
 * Store what is ready.
 *
 * Gives:   what became of each; nothing where the world refuses the whole because of some.
 */
async function commit(
  desk: Desk,
  ready: readonly Ready[],
  { preferences }: How,
): Promise<ReadonlyMap<number, Done> | undefined> {
  const changes = ready.flatMap(({ prepared }) => prepared.change ?? []);
  const committed = changes.length === 0 ? ok([]) : await desk.world.commit(changes);
  if (!committed.ok) {
    const { error } = committed;
    // Whoever cannot be reached now is not asked a hundred times.
    if (error.kind !== "cloud" && error.kind !== "half-undone") return undefined;
    const outcome = outcomeOfWorldError(error);
    return new Map(
      ready.map(({ entry }) => [entry.index, { ok: false, error: within(entry.index, outcome) }]),
    );
  }
  const made = new Map(committed.value.map((each, at) => [changes[at], each]));
  return new Map(
    ready.map(({ entry, where, prepared }) => {
      const { change, issues } = prepared;
      const each = change === undefined ? undefined : made.get(change);
      return [entry.index, ok(answerTo(where, each, preferences, issues))];
    }),
  );
}
