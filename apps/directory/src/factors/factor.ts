import type { Result } from "@salus/base";
import type {
  AccountRole,
  AttemptId,
  FactorId,
  FactorKind,
  Malformed,
  SecondProof,
  SessionId,
} from "@salus/protocol";
import type { Directory } from "../context.ts";
import type { AccountId } from "../database/schema.ts";

/** What a second factor is used for. */
export interface FactorUse {
  readonly account: AccountId;
  readonly role: AccountRole;
  /** The sign-in, or the session that is stepped up: a code made for one works for no other. */
  readonly attempt: AttemptId | SessionId;
  readonly now: number;
}

/** Why a second factor did not do. */
export type FactorError =
  | { readonly kind: "code-refused" }
  | { readonly kind: "factor-locked" }
  | { readonly kind: "sms-off" }
  | Malformed;

export type ProofOf<K extends FactorKind> = Extract<SecondProof, { readonly kind: K }>;

/**
 * One kind of second factor: a module of this folder each, and a line in `factors.ts`.
 *
 * A factor counts an attempt before it looks at it, and locks itself after too many failures in a
 * row. It never locks the account: the others, and devices, go on.
 */
export interface SecondFactor<K extends FactorKind> {
  readonly kind: K;
  /** Whether it shows that its owner is there now, so that a session may be stepped up with it. */
  readonly stepsUp: boolean;
  /** Whether this directory lets somebody in a role use it. */
  allows(directory: Directory, role: AccountRole): boolean;
  /** Fails:   `malformed`, `code-refused`, `factor-locked`, `sms-off`; an attempt that fails has been counted. */
  check(
    directory: Directory,
    use: FactorUse,
    proof: ProofOf<K>,
  ): Promise<Result<FactorId, FactorError>>;
}
