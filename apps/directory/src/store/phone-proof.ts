import { fail, ok, type Result, utf8 } from "@salus/base";
import { type IdentifierTag, ProofId } from "@salus/protocol";
import { type Kysely, sql } from "kysely";
import type { AccountId, Schema } from "../database/schema.ts";
import { sameSecret } from "../service-keys.ts";
import type { Store } from "./store.ts";

const LIFE_MS = 300_000;
const TRIES = 5;

/** A code on its way to a number. */
export interface PhoneCode {
  readonly proof: ProofId;
  readonly code: string;
}

/**
 * Begin to prove that a number is an account's.
 *
 * Takes:   `tag`, of the number, which itself is not kept; `code`, what is sent to it.
 * Sees:    which account says that which tag is a phone of hers.
 * Plan:    primary key of `phone_proof`.
 */
export async function beginPhoneProof(
  { db, keys, random }: Store,
  account: AccountId,
  tag: IdentifierTag,
  code: string,
  now: number,
): Promise<ProofId> {
  const proof = ProofId.of(random(16));
  const expires = now + LIFE_MS;
  await db
    .insertInto("phone_proof")
    .values({
      proof,
      account,
      tag,
      code: keys.pepper("phone proof", proof, utf8(code)),
      tries: 0,
      expires,
    })
    .execute();
  return proof;
}

/**
 * Whether a code shows that the number behind a tag is an account's. Every try is counted before it is
 * looked at, and a code works once.
 *
 * Fails:   `code-refused`: another code, account or tag, too many tries, too late, or used.
 * Plan:    primary key of `phone_proof`.
 */
export async function finishPhoneProof(
  { db, keys }: Store,
  account: AccountId,
  tag: IdentifierTag,
  [proof, code]: readonly [ProofId, string],
  now: number,
): Promise<Result<void, { readonly kind: "code-refused" }>> {
  const { rows } = await sql<Pick<Schema["phone_proof"], "tag" | "code">>`
    update phone_proof set tries = tries + 1
    where proof = ${proof}::uuid and account = ${account}::uuid and tries < ${TRIES}
      and expires >= ${now}
    returning tag, code`.execute(db);
  const [row] = rows;
  const given = keys.pepper("phone proof", proof, utf8(code));
  const right = row !== undefined && sameSecret(row.code, given) && sameSecret(row.tag, tag);
  if (!right) return fail({ kind: "code-refused" });
  const { numDeletedRows } = await db
    .deleteFrom("phone_proof")
    .where("proof", "=", proof)
    .executeTakeFirst();
  return numDeletedRows === 1n ? ok(undefined) : fail({ kind: "code-refused" });
}

/** Forget what was not finished in time. Plan: a range of `phone_proof_by_expiry`. */
export async function purgePhoneProofs(hasty: Kysely<Schema>, now: number): Promise<void> {
  await hasty.deleteFrom("phone_proof").where("expires", "<", now).execute();
}
