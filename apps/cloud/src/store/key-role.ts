import { equalBytes, toHex } from "@salus/base";
import type { ChainState } from "@salus/evaluate";
import {
  GrantHandle,
  type KnownVault,
  LIMITS,
  type VaultsPage,
  type VerifyKey,
} from "@salus/protocol";
import { byteaArray, uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { KeyRole, Schema, Trx, VaultId } from "../database/schema.ts";

interface Row {
  readonly key: VerifyKey;
  readonly role: KeyRole;
  /** The device, source or grant. */
  readonly subject: Uint8Array<ArrayBuffer>;
}

/** Who has to do with a vault, by its chain. */
function rolesIn(state: ChainState | undefined): ReadonlyMap<string, Row> {
  const rows: Row[] = [];
  for (const { sign, id, status } of state?.devices.values() ?? []) {
    if (status === "live") rows.push({ key: sign, role: "device", subject: id });
  }
  for (const { key, source, status } of state?.sources.values() ?? []) {
    if (status === "live") rows.push({ key, role: "source", subject: source });
  }
  for (const { grant, terms, status } of state?.grants.values() ?? []) {
    if (status === "live") rows.push({ key: terms.grantee, role: "grantee", subject: grant });
  }
  return new Map(rows.map((row) => [`${toHex(row.key)} ${row.role} ${toHex(row.subject)}`, row]));
}

/** Bring the roles of a vault from one state of its chain to the next. */
export async function changeRoles(
  trx: Trx,
  vault: VaultId,
  before: ChainState | undefined,
  after: ChainState,
): Promise<void> {
  const old = rolesIn(before);
  const now = rolesIn(after);
  const gone = [...old].filter(([name]) => !now.has(name)).map(([, row]) => row);
  const come = [...now].filter(([name]) => !old.has(name)).map(([, row]) => row);
  if (gone.length > 0) {
    await sql`delete from key_role k using ${rowsOf(gone)}
      where k.key = r.key and k.vault = ${vault} and k.role = r.role and k.subject = r.subject`.execute(
      trx,
    );
  }
  if (come.length > 0) {
    await sql`insert into key_role (key, vault, role, subject)
      select r.key, ${vault}, r.role, r.subject from ${rowsOf(come)} order by 1, 3, 4
      on conflict do nothing`.execute(trx);
  }
}

function rowsOf(rows: readonly Row[]): ReturnType<typeof sql> {
  const keys = byteaArray(rows.map((row) => row.key));
  const subjects = uuidArray(rows.map((row) => row.subject));
  const roles = rows.map((row) => row.role);
  return sql`unnest(${keys}::bytea[], ${roles}::text[], ${subjects}::uuid[]) as r (key, role, subject)`;
}

/**
 * The vaults that a key has to do with, in order of vault.
 *
 * Takes:   `after`, the last vault of the page before.
 * Plan:    a range of the primary key of `key_role`.
 */
export async function vaultsOf(
  db: Kysely<Schema>,
  key: VerifyKey,
  after: VaultId | undefined,
): Promise<VaultsPage> {
  let query = db
    .selectFrom("key_role as k")
    .innerJoin("vault as v", "v.vault", "k.vault")
    .select(["v.handle", "k.role", "k.subject"])
    .where("k.key", "=", key)
    .orderBy("k.vault")
    .orderBy("k.role")
    .orderBy("k.subject")
    .limit(ROWS_MAX);
  if (after !== undefined) query = query.where("k.vault", ">", after);
  const rows = await query.execute();
  const pages = groupByVault(rows);
  // The rows may have ended inside the last vault: it is left to the next page, unless it is alone.
  if (rows.length === ROWS_MAX && pages.length > 1) pages.pop();
  const vaults = pages.slice(0, VAULTS_MAX).flat();
  return { vaults, more: rows.length === ROWS_MAX || pages.length > VAULTS_MAX };
}

const ROWS_MAX = 10_000;
/** A vault is listed once for each role: at most three lines. */
const VAULTS_MAX = Math.floor(LIMITS.pageItems / 3);

interface VaultLine extends KnownVault {
  readonly grants: GrantHandle[];
}

/** The lines of a page, those of one vault together. */
function groupByVault(
  rows: readonly Pick<Schema["vault"] & Schema["key_role"], "handle" | "role" | "subject">[],
): VaultLine[][] {
  const groups: VaultLine[][] = [];
  for (const { handle, role, subject } of rows) {
    let group = groups.at(-1);
    if (group?.[0] === undefined || !equalBytes(group[0].vault, handle)) {
      group = [];
      groups.push(group);
    }
    let line = group.at(-1);
    if (line?.role !== role) {
      line = { vault: handle, role, grants: [] };
      group.push(line);
    }
    if (role === "grantee") line.grants.push(GrantHandle.of(subject));
  }
  return groups;
}
