import { encodeTuple, equalBytes, fail, ok, type Result } from "@salus/base";
import { type Mailbox, MailboxId, type VerifyKey } from "@salus/protocol";
import { digest } from "./digest.ts";
import { type BadKey, checkKey } from "./signature.ts";

/** A mailbox whose id is not its key's. */
export interface MailboxMismatch {
  readonly kind: "mailbox-mismatch";
}

/**
 * The id of the mailbox that a key signs for: who has one has the other.
 *
 * Source:  spec/discovery.md §4; vectors/discovery-v1.json.
 */
export function mailboxId(sign: VerifyKey): MailboxId {
  return MailboxId.of(digest(encodeTuple("salus/mailbox", sign)).slice(0, 16));
}

/**
 * Whether a mailbox may be believed: its key is a good one, and its id is the key's.
 *
 * Fails:   `bad-key`, `mailbox-mismatch`.
 * Source:  spec/discovery.md §4.
 */
export function checkMailbox(mailbox: Mailbox): Result<void, BadKey | MailboxMismatch> {
  const good = checkKey(mailbox.sign);
  if (!good.ok) return good;
  const same = equalBytes(mailbox.id, mailboxId(mailbox.sign));
  return same ? ok(undefined) : fail({ kind: "mailbox-mismatch" });
}
