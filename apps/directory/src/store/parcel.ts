import { type Bytes, fail, ok, type Result } from "@salus/base";
import { digest } from "@salus/evaluate";
import { DISCOVERY, type Parcel } from "@salus/protocol";
import { appendToLog, inTransaction } from "@salus/service";
import type { AccountId, Schema } from "../database/schema.ts";
import { boxOf, putInto } from "./box.ts";
import { type QuotaSpent, quotaBucket } from "./identifier.ts";
import { spend } from "./quota.ts";
import type { Store } from "./store.ts";

/**
 * Deliver a parcel to a mailbox, whether anybody has it or not: the same statements, rows and answer.
 *
 * Takes:   `bytes`, the parcel as it came.
 * Fails:   `quota`.
 * Sees:    which account sends to which mailbox, when, of what kind and length. Nothing inside.
 * Plan:    primary keys of `attempt`, `mailbox`, `box`, `parcel`.
 */
export function deliver(
  { db, keys }: Store,
  sender: AccountId,
  { to, kind }: Parcel,
  bytes: Bytes,
  now: number,
): Promise<Result<void, QuotaSpent>> {
  const bucket = quotaBucket(keys, "parcel", sender);
  return inTransaction<Schema, void, QuotaSpent>(db, async (trx) => {
    const allowed = await spend(trx, { bucket, most: DISCOVERY.parcels }, 1, now);
    if (!allowed) return fail({ kind: "quota" });
    const box = await boxOf(trx, to);
    await putInto(trx, box, { kind, bytes }, now);
    if (kind === "request") {
      const of = box.claimed ? { owner: box.box } : "nobody";
      await appendToLog(trx, now, [{ kind: "request", of, object: digest(bytes) }]);
    }
    return ok(undefined);
  });
}
