import { equalBytes, fail, ok, type Result } from "@salus/base";
import { checkMailbox, verifySigned } from "@salus/evaluate";
import { type Mailbox, type MailboxClaim, MailboxId, type Problem } from "@salus/protocol";
import type { Kysely } from "kysely";
import type { AccountId, Schema } from "../database/schema.ts";
import type { Session } from "./session.ts";
import type { Store } from "./store.ts";

/** How far a statement's time may lie from ours. */
const TIME_MS = 300_000;

/** Why something that was signed is not for this session, here and now. */
export type Misplaced =
  | { readonly kind: "capability-mismatch" }
  | { readonly kind: "capability-expired" };

/** Whether a statement was made for a session at this directory, now. */
export function checkPlace(
  { service }: Store,
  { session }: Pick<Session<"full">, "session">,
  said: Pick<MailboxClaim, "audience" | "session" | "time">,
  now: number,
): Result<void, Misplaced> {
  const here = said.audience === service && equalBytes(said.session, session);
  if (!here) return fail({ kind: "capability-mismatch" });
  const fresh = Math.abs(said.time - now) <= TIME_MS;
  return fresh ? ok(undefined) : fail({ kind: "capability-expired" });
}

/**
 * Make a mailbox an account's: the one that look-ups answer with from now on.
 *
 * A device of the account says so, and nobody who merely signed in: a password and a number open no
 * root, so that a mailbox of theirs is none of the account's.
 *
 * Fails:   statement errors; any `Misplaced`; `malformed` for an id that is not its key's;
 *          `unknown-device`: the session is no device's; `not-yours` when another account has it, which
 *          must then know its private key.
 * Plan:    primary keys of `account_device` and `mailbox`.
 */
export async function claimMailbox(
  store: Store,
  session: Session<"stepped-up">,
  signed: Uint8Array,
  now: number,
): Promise<Result<void, Problem>> {
  const claim = verifySigned("mailbox", signed);
  if (!claim.ok) return claim;
  const { mailbox } = claim.value.payload;
  if (!equalBytes(claim.value.signer, mailbox.sign)) return fail({ kind: "wrong-key" });
  if (!checkMailbox(mailbox).ok) return fail({ kind: "malformed", what: "mailbox" });
  const placed = checkPlace(store, session, claim.value.payload, now);
  if (!placed.ok) return placed;
  const device = await store.db
    .selectFrom("account_device")
    .select("sign")
    .where("account", "=", session.account)
    .where("sign", "=", session.key)
    .executeTakeFirst();
  if (device === undefined) return fail({ kind: "unknown-device" });
  const { id, ...keys } = mailbox;
  await store.db
    .insertInto("mailbox")
    .values({ mailbox: id, account: session.account, ...keys, added: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { account } = await store.db
    .selectFrom("mailbox")
    .select("account")
    .where("mailbox", "=", id)
    .executeTakeFirstOrThrow();
  return equalBytes(account, session.account) ? ok(undefined) : fail({ kind: "not-yours" });
}

/** The newest mailbox of an account. Plan: `mailbox_by_account`. */
export async function mailboxOf(
  db: Kysely<Schema>,
  account: AccountId,
): Promise<Mailbox | undefined> {
  const row = await db
    .selectFrom("mailbox")
    .select(["mailbox", "sign", "suite", "kem"])
    .where("account", "=", account)
    .orderBy("added", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { mailbox, ...keys } = row;
  return { id: MailboxId.of(mailbox), ...keys };
}
