import { type Bytes, fail, ok, type Result } from "@salus/base";
import { digest } from "@salus/evaluate";
import { DISCOVERY, type Parcel } from "@salus/protocol";
import { appendToLog, inTransaction } from "@salus/service";
import type { AccountId, Schema } from "../database/schema.ts";
import { boxOf, putInto } from "./box.ts";
import { type QuotaSpent, quotaBucket } from "./identifier.ts";
import { spend } from "./quota.ts";
import { wishNotice } from "./sms-message.ts";
import type { Store } from "./store.ts";

/** A parcel on its way into a box. */
export interface Delivery {
  readonly parcel: Parcel;
  /** As it came. */
  readonly bytes: Bytes;
  /** Whether this directory tells a phone of a request. */
  readonly notify: boolean;
}

/**
 * Deliver a parcel to a mailbox, whether anybody has it or not: the same statements, rows and answer.
 *
 * Fails:   `quota`.
 * Sees:    which account sends to which mailbox, when, of what kind and length. Nothing inside.
 * Plan:    primary keys of `attempt`, `mailbox`, `box`, `parcel`, `sms_message`.
 */
export function deliver(
  { db, keys }: Store,
  sender: AccountId,
  { parcel, bytes, notify }: Delivery,
  now: number,
): Promise<Result<void, QuotaSpent>> {
  const bucket = quotaBucket(keys, "parcel", sender);
  const { to, kind } = parcel;
  return inTransaction<Schema, void, QuotaSpent>(db, async (trx) => {
    const allowed = await spend(trx, { bucket, most: DISCOVERY.parcels }, 1, now);
    if (!allowed) return fail({ kind: "quota" });
    const box = await boxOf(trx, to);
    await putInto(trx, box, { kind, bytes }, now);
    if (kind === "request") {
      const of = box.claimed ? { owner: box.box } : "nobody";
      await appendToLog(trx, now, [{ kind: "request", of, object: digest(bytes) }]);
      if (notify) await wishNotice(trx, box.box, now);
    }
    return ok(undefined);
  });
}
