import { type Bytes, fail, ok, type Result } from "@salus/base";
import type { Digest, IdentifierTag, Mailbox, MailboxId, VerifyKey } from "@salus/protocol";
import { DISCOVERY } from "@salus/protocol";
import { appendToLog, inTransaction } from "@salus/service";
import { sql } from "kysely";
import type { AccountId, Schema, Trx } from "../database/schema.ts";
import { decoyMailbox } from "../decoy-mailbox.ts";
import { accountBox, putInto, unclaimedBox } from "./box.ts";
import { type QuotaSpent, quotaBucket } from "./identifier.ts";
import { spend } from "./quota.ts";
import type { Store } from "./store.ts";

/** A look-up whose practitioner has been found to be one. */
export interface GoodLookUp {
  /** Who asks, as an account and as a physician. */
  readonly asker: AccountId;
  readonly physician: VerifyKey;
  readonly tag: IdentifierTag;
  /** Of the signed statement. */
  readonly hash: Digest;
  /** The notice, encoded. */
  readonly notice: Bytes;
}

/**
 * Find the mailbox of whoever has a tag, or a decoy, and write down that somebody asked.
 *
 * Both take the same statements, on the same tables, with as many rows. The first thing that differs
 * is which of two mailboxes the answer names.
 *
 * Fails:   `quota`, before the tag is looked at.
 * Sees:    which practitioner asked for which tag, and whether an account has it.
 * Cost:    four statements in one transaction, and a decoy.
 * Plan:    primary keys of `attempt`, `account`, `box`, `parcel`; `identifier_by_tag`;
 *          `mailbox_by_account`.
 */
export function lookUp(
  { db, keys }: Store,
  { asker, physician, tag, hash, notice }: GoodLookUp,
  now: number,
): Promise<Result<Mailbox, QuotaSpent>> {
  const decoy = decoyMailbox(keys, tag);
  const bucket = quotaBucket(keys, "look-up", physician);
  return inTransaction<Schema, Mailbox, QuotaSpent>(db, async (trx) => {
    const allowed = await spend(trx, { bucket, most: DISCOVERY.lookUps }, 1, now);
    if (!allowed) return fail({ kind: "quota" });
    const found = await findMailbox(trx, tag, asker);
    const box = found === undefined ? unclaimedBox(decoy.id) : accountBox(found.account);
    await putInto(trx, box, { kind: "look-up", bytes: notice }, now);
    const of = found === undefined ? "nobody" : { owner: found.account };
    await appendToLog(trx, now, [{ kind: "look-up", of, object: hash }]);
    return ok(found?.mailbox ?? decoy);
  });
}

interface Found {
  readonly account: AccountId;
  readonly mailbox: Mailbox;
}

/**
 * The newest mailbox of the account that a tag leads to: of several, the one that has proven it last;
 * of those that merely claim it, the first.
 *
 * Where there is none the asker's own mailbox is read instead, so that there is a row to read.
 */
async function findMailbox(
  trx: Trx,
  tag: IdentifierTag,
  asker: AccountId,
): Promise<Found | undefined> {
  const { rows } = await sql<Row>`
    with wanted as (
      select i.account from identifier i join account a on a.account = i.account
      where i.tag = ${tag} and a.discoverable
        and exists (select 1 from mailbox m where m.account = i.account)
      order by i.proven desc, case when i.proven then -i.registered else i.registered end
      limit 1)
    select m.mailbox, m.account, m.sign, m.suite, m.kem, exists (select 1 from wanted) as known
    from mailbox m where m.account = coalesce((select account from wanted), ${asker}::uuid)
    order by m.added desc limit 1`.execute(trx);
  const [row] = rows;
  if (row === undefined || !row.known) return undefined;
  const { account, mailbox: id, sign, suite, kem } = row;
  return { account, mailbox: { id, sign, suite, kem } };
}

interface Row extends Omit<Mailbox, "id"> {
  readonly mailbox: MailboxId;
  readonly account: AccountId;
  readonly known: boolean;
}
