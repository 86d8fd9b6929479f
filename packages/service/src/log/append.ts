import { randomBytes } from "node:crypto";
import { assert, type Bytes, beInteger, concat } from "@salus/base";
import { PUBLIC_SALT } from "@salus/evaluate";
import type { LeafKind } from "@salus/protocol";
import { type QueryExecutorProvider, sql } from "kysely";
import { byteaArray, uuidArray } from "../database/arrays.ts";

/**
 * Whose leaf it is: of an owner, by the first 16 bytes of a vault's or an account's handle; of all,
 * because what it commits to is public; or of nobody, which looks to everybody as if it had an owner.
 */
export type LeafOwner = { readonly owner: Bytes } | "public" | "nobody";

/** Something that the log is to hold. */
export interface LogEntry {
  readonly kind: LeafKind;
  readonly of: LeafOwner;
  /** What it commits to: spec/log.md §1. */
  readonly object: Bytes;
}

/** Of entries that have no owner. */
export const NO_OWNER: Bytes = new Uint8Array(16);

/**
 * Write entries for the log, in the transaction of what they are about: they are in the log if and
 * only if that is committed. They get their places within a second.
 *
 * Takes:   `db`, a transaction, or a database where one statement is all there is to do; `time`, now.
 * Sees:    whose entries they are, and what they commit to, until the owner's salt is deleted.
 * Plan:    one statement; the end of the primary key of `log_pending`.
 */
export async function appendToLog(
  db: QueryExecutorProvider,
  time: number,
  entries: readonly LogEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await pendingEntries(time, entries).execute(db);
}

/** The same as a statement, for whoever has more to do in one. */
export function pendingEntries(
  time: number,
  entries: readonly LogEntry[],
): ReturnType<typeof sql<never>> {
  const rows = entries.map(({ kind, of, object }, at) => {
    const owner = typeof of === "string" ? NO_OWNER : of.owner;
    assert(owner.length === NO_OWNER.length, "an owner is half a handle");
    return { entry: entryName(time, at), kind, owner, salt: saltOf(of), object };
  });
  return sql<never>`insert into log_pending (entry, kind, time, owner, salt, object)
    select e, k, ${time}::int8, w, s, o
    from unnest(${uuidArray(rows.map(({ entry }) => entry))}::uuid[],
      ${rows.map(({ kind }) => kind)}::text[],
      ${uuidArray(rows.map(({ owner }) => owner))}::uuid[],
      ${byteaArray(rows.map(({ salt }) => salt))}::bytea[],
      ${byteaArray(rows.map(({ object }) => object))}::bytea[]) as u (e, k, w, s, o)`;
}

/** A name that is nobody else's, and comes after those of earlier moments. */
function entryName(time: number, at: number): Bytes {
  return concat(beInteger(time, 6), beInteger(at, 2), randomBytes(8));
}

/** What is drawn here keeps an entry of nobody's apart; an owner's salt stands with the owner. */
function saltOf(of: LeafOwner): Bytes {
  if (of === "public") return PUBLIC_SALT;
  return of === "nobody" ? Uint8Array.from(randomBytes(PUBLIC_SALT.length)) : new Uint8Array(0);
}
