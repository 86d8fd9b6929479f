import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { VerifiedBatch } from "@salus/evaluate";
import type { ScopeHandle, SourceHandle } from "@salus/protocol";
import { uuidArray } from "@salus/service";
import { type Kysely, sql } from "kysely";
import type { Schema, Trx, VaultId } from "../database/schema.ts";

/**
 * Who introduced scopes below an organisation's node, by the hexadecimal of the scope.
 *
 * Plan:    primary key of `scope`, once for each.
 */
export async function scopeOwners(
  db: Kysely<Schema>,
  vault: VaultId,
  scopes: readonly ScopeHandle[],
): Promise<ReadonlyMap<string, SourceHandle>> {
  if (scopes.length === 0) return new Map();
  const { rows } = await sql<Pick<Schema["scope"], "scope" | "source">>`
    select scope, source from scope
    where vault = ${vault} and scope = any(${uuidArray(scopes)}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [toHex(row.scope), row.source]));
}

/**
 * Enter the scopes that a batch introduces, and check those that an earlier one must have.
 *
 * Fails:   `not-yours`: another source's. `unknown-scope`: nobody introduced it.
 */
export async function enterScopes(
  trx: Trx,
  vault: VaultId,
  batch: VerifiedBatch,
): Promise<Result<void, { readonly kind: "not-yours" | "unknown-scope" }>> {
  const { source } = batch.source;
  const introduced = batch.statement.payload.scopes;
  const used = [...introduced, ...batch.earlierScopes];
  const owners = await scopeOwners(trx, vault, used);
  const ownerOf = (scope: ScopeHandle): SourceHandle | undefined => owners.get(toHex(scope));
  for (const scope of used) {
    const owner = ownerOf(scope);
    if (owner !== undefined && !equalBytes(owner, source)) return fail({ kind: "not-yours" });
  }
  if (batch.earlierScopes.some((scope) => ownerOf(scope) === undefined)) {
    return fail({ kind: "unknown-scope" });
  }
  const fresh = introduced.filter((scope) => ownerOf(scope) === undefined);
  if (fresh.length > 0) {
    await sql`insert into scope (vault, scope, source)
      select ${vault}, s, ${source}::uuid from unnest(${uuidArray(fresh)}::uuid[]) as n (s)`.execute(
      trx,
    );
  }
  return ok(undefined);
}
