import type { Bytes } from "@salus/base";
import { digest, type Presented } from "@salus/evaluate";
import {
  OWN_LEAVES_PAGE_MAX,
  type TrailEntry,
  type TrailPage,
  type TrailRoute,
} from "@salus/protocol";
import { pendingEntries } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, VaultId } from "../database/schema.ts";
import type { Access } from "./access.ts";
import type { Store } from "./store.ts";

/** What a grantee's request leaves behind. */
export interface AccessNote {
  readonly route: TrailRoute;
  /** The grant, or the request whose grants, that it was asked under. */
  readonly grant: Presented["grant"];
  /** As it was signed. */
  readonly capability: Bytes;
  readonly entry: Bytes;
}

/**
 * Write down that a grantee is being answered, and enter it in the log, before the answer goes out.
 *
 * Sees:    who asked, when, under which grant, and how much was answered. What was asked is sealed.
 * Cost:    one statement, and one wait for the disk.
 * Plan:    primary key of `trail`; the end of that of `log_pending`.
 */
export async function noteAccess(
  store: Store,
  vault: VaultId,
  note: AccessNote | undefined,
  candidates: number,
): Promise<void> {
  if (note === undefined) return;
  const { route, grant, capability, entry } = note;
  const object = digest(capability);
  await sql`with noted as (
      insert into trail (vault, request, "grant", route, candidates, capability, entry)
      values (${vault}, ${object}, ${grant}, ${route}, ${candidates}, ${capability}, ${entry}))
    ${pendingEntries(store.now(), [{ kind: "access", of: { owner: vault }, object }])}`.execute(
    store.db,
  );
}

/**
 * A page of what grantees asked, in the order of the log, from one of the vault's own leaves on.
 *
 * Plan:    a range of the primary key of `log_own`; primary key of `trail`.
 */
export async function trailPage(
  db: Kysely<Schema>,
  { vault }: Access<"read-log">,
  from: number,
): Promise<TrailPage> {
  const { rows } = await sql<TrailEntry>`
    select o.number, o.time, t."grant", t.capability, t.route, t.candidates, t.entry
    from log_own o join trail t on t.vault = o.owner and t.request = o.object
    where o.owner = ${vault} and o.number >= ${from}::int8 and o.kind = 'access'
    order by o.number limit ${OWN_LEAVES_PAGE_MAX + 1}`.execute(db);
  return {
    entries: rows.slice(0, OWN_LEAVES_PAGE_MAX),
    more: rows.length > OWN_LEAVES_PAGE_MAX,
  };
}
