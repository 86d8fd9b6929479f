import { type Bytes, fail, ok, type Result } from "@salus/base";
import { eraseHome, openDatabase } from "./database.ts";
import { checkStored, type StoredHome } from "./description.ts";
import { type HomeElsewhere, lockHome } from "./lock.ts";

/** A home of this browser, as whoever sits before it may see it. */
export interface ListedHome {
  readonly id: string;
  /** What the person calls it: nothing else says whose it is. */
  readonly label: string;
  readonly shared: boolean;
  readonly passkeys: readonly ListedPasskey[];
}

/** What a browser asks an authenticator for, to open a home. */
export interface ListedPasskey {
  readonly credential: string;
  readonly rpId: string;
  /** What its `prf` is evaluated for. */
  readonly salt: Bytes;
}

/** On a computer that others use too, a home that nobody has signed out of lasts as long. */
const SHARED_LIFE_MS = 3_600_000;

/**
 * The homes of this browser, the last used first. Those that were only begun, and those on a shared
 * computer that were left, are destroyed here unless a tab holds them.
 *
 * Leaks:   to whoever opens the page: how many there are, what they are called, and which have passkeys.
 */
export async function listHomes(now: number = Date.now()): Promise<readonly ListedHome[]> {
  const database = await openDatabase();
  const all = await database.getAll("homes");
  const listed: StoredHome[] = [];
  for (const stored of all) {
    if (isLeft(stored, now)) await sweep(stored.id, now);
    else if (stored.ready && checkStored(stored).ok) listed.push(stored);
  }
  listed.sort((a, b) => b.used - a.used);
  return listed.map(({ id, label, shared, ways }) => {
    const passkeys = ways.flatMap((way) =>
      way.kind === "passkey"
        ? [{ credential: way.credential, rpId: way.rpId, salt: way.salt }]
        : [],
    );
    return { id, label, shared, passkeys };
  });
}

/** Destroy a home without opening it. Fails: `home-elsewhere`. */
export async function destroyHome(id: string): Promise<Result<void, HomeElsewhere>> {
  const locked = await lockHome(id);
  if (!locked.ok) return fail(locked.error);
  await eraseHome(await openDatabase(), id);
  locked.value();
  return ok(undefined);
}

/** Destroy a home that was left, unless a tab has taken it up again in the meantime. */
async function sweep(id: string, now: number): Promise<void> {
  const locked = await lockHome(id);
  if (!locked.ok) return;
  const database = await openDatabase();
  const stored = await database.get("homes", id);
  if (stored !== undefined && isLeft(stored, now)) await eraseHome(database, id);
  locked.value();
}

function isLeft({ ready, shared, used }: StoredHome, now: number): boolean {
  return !ready || (shared && now - used > SHARED_LIFE_MS);
}
