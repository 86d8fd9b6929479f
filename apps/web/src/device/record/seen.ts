import { ok, type Result, utf8 } from "@salus/base";
import type { Open } from "../open.ts";
import type { Failure } from "../problem.ts";
import { type Room, roomOf } from "./room.ts";
import { keepItems } from "./seen-items.ts";
import type { Answered } from "./views.ts";

/** One screen as it was last seen: larger ones are not kept. */
const BYTES_MAX = 600_000;
/** All of them together; those that were seen longest ago go first. */
const NAMES_MAX = 24;
const FOLDER = "web/seen/";

interface Kept<View> {
  readonly at: number;
  readonly view: View;
}

/**
 * Answer a screen, and keep what it showed in the home, sealed, so that it can be read without the
 * network: then it says when it was seen.
 *
 * Takes:   `name`, of letters and hyphens, which says nothing of what is in it.
 * Fails:   as `work`; where nobody answers, only if the screen was never seen here.
 */
export async function rememberSeen<View extends Answered>(
  open: Open,
  name: string,
  work: () => Promise<Result<View, Failure>>,
): Promise<Result<View, Failure>> {
  const room = roomOf(open);
  const answered = await work();
  // Only her own is kept: what another lets her read ends when she says so.
  if (room.other !== undefined) return answered;
  const failure = answered.ok ? answered.value.coverage.problem : answered.error;
  const isWhole = answered.ok && failure === undefined;
  if (isWhole) {
    // Nobody waits for it.
    later(() => keep(room, name, answered.value));
    return answered;
  }
  if (failure?.kind !== "unreachable" && failure?.kind !== "signed-out") return answered;
  await keeping;
  const seen = await lastSeen<View>(open, name);
  return seen === undefined ? answered : ok({ ...seen.view, seen: seen.at });
}

/** What is being kept, one after the other. */
let keeping: Promise<void> = Promise.resolve();

/** Do something for the time without a network. What cannot be kept is not there then: no more. */
export function later(work: () => Promise<void>): void {
  keeping = keeping.then(work).catch(() => undefined);
}

async function keep<View extends Answered>(room: Room, name: string, view: View): Promise<void> {
  const { open } = room;
  const bytes = utf8(JSON.stringify({ at: Date.now(), view } satisfies Kept<View>));
  if (bytes.length > BYTES_MAX) return;
  await open.store.write(FOLDER + name, bytes);
  const names = await open.store.list(FOLDER);
  if (names.length > NAMES_MAX) await forgetOldest(open, names);
  const vault = await room.vault();
  const matches = [...new Set(handlesIn(view))].flatMap((handle) => room.kept(handle) ?? []);
  if (vault.ok) await keepItems(open, name, matches, vault.value.registry);
}

async function forgetOldest(open: Open, names: readonly string[]): Promise<void> {
  const dated = await Promise.all(
    names.map(async (kept) => ({ kept, at: await seenAt(open, kept) })),
  );
  dated.sort((a, b) => a.at - b.at);
  for (const { kept } of dated.slice(0, names.length - NAMES_MAX)) await open.store.remove(kept);
}

async function lastSeen<View>(open: Open, name: string): Promise<Kept<View> | undefined> {
  const stored = await open.store.read(FOLDER + name);
  if (!stored.ok || stored.value === undefined) return undefined;
  return JSON.parse(new TextDecoder().decode(stored.value)) as Kept<View>;
}

async function seenAt(open: Open, name: string): Promise<number> {
  return (await lastSeen(open, name.slice(FOLDER.length)))?.at ?? 0;
}

/** Handles of the records that a view shows. */
function handlesIn(view: unknown): readonly string[] {
  if (typeof view !== "object" || view === null) return [];
  if ("handle" in view && typeof view.handle === "string" && "chapter" in view) {
    return [view.handle];
  }
  return Object.values(view).flatMap(handlesIn);
}
