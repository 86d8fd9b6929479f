import { type Bytes, fail, ok, type Result } from "@salus/base";
import type { Signer } from "@salus/crypto";
import { type StatementError, verifySigned } from "@salus/evaluate";
import {
  Absent,
  type GrantHandle,
  type Mailbox,
  type ParcelKind,
  type RequestAnswer,
  type RequestHandle,
  type VaultHandle,
  type VerifyKey,
} from "@salus/protocol";

/** A statement on its way to a mailbox: to be sealed as a parcel of its kind. */
export interface Letter {
  readonly to: Mailbox;
  readonly kind: ParcelKind;
  readonly statement: Bytes;
}

/** What a patient answers. */
export type Decision =
  | {
      readonly decision: "approved";
      readonly vault: VaultHandle;
      readonly grants: readonly GrantHandle[];
    }
  | { readonly decision: "denied" };

const NOTHING = Absent.of(new Uint8Array(0));

/** Sign an answer with the mailbox's key. Source: spec/requests.md §2; vectors/requests-v1.json. */
export function signAnswer(
  mailbox: Signer,
  request: RequestHandle,
  decision: Decision,
  note: string,
  time: number,
): Bytes {
  const said =
    decision.decision === "approved" ? decision : { ...decision, vault: NOTHING, grants: [] };
  return mailbox.sign("answer", { request, ...said, note, time });
}

/**
 * Read an answer.
 *
 * Takes:   `from`, the key that the look-up gave or the code showed: nobody else's word counts.
 * Fails:   any `StatementError`.
 */
export function readAnswer(signed: Bytes, from: VerifyKey): Result<RequestAnswer, StatementError> {
  const statement = verifySigned("answer", signed, from);
  return statement.ok ? ok(statement.value.payload) : fail(statement.error);
}
