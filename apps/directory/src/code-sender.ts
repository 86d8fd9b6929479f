import type { Result } from "@salus/base";
import type { Problem } from "@salus/protocol";
import type { AccountId } from "./database/schema.ts";

/** A code for somebody who says that a number is hers. */
export interface NumberCode {
  readonly account: AccountId;
  /** E.164. */
  readonly number: string;
  readonly code: string;
  readonly now: number;
}

/**
 * Have a text message with a code sent, later: nobody waits for it.
 *
 * Fails:   `malformed`: no number that text messages go to. `quota`: this account named too many today.
 *          Whether too many went to the number is judged later, and told to nobody.
 */
export type CodeSender = (
  code: NumberCode,
) => Promise<Result<void, Extract<Problem, { readonly kind: "malformed" | "quota" | "sms-off" }>>>;
