import type { Digest, RecordHandle } from "./ids.ts";

/** Every kind of error that the cloud or the directory answers with. */
export type ProblemKind =
  | "malformed"
  | "wrong-type"
  | "bad-key"
  | "chain-gap"
  | "chain-fork"
  | "chain-fields"
  | "unlisted-wrap"
  | "root-mismatch"
  | "unknown-parameter"
  | "trail-missing"
  | "unsigned"
  | "bad-signature"
  | "wrong-key"
  | "capability-mismatch"
  | "capability-expired"
  | "capability-replayed"
  | "not-yours"
  | "outside-grant"
  | "grant-expired"
  | "grant-revoked"
  | "not-live"
  | "certificate-expired"
  | "certificate-path"
  | "certificate-suspended"
  | "key-unattested"
  | "attestation-expired"
  | "unknown-device"
  | "no-such-vault"
  | "unknown-vault"
  | "unknown-source"
  | "unknown-scope"
  | "unknown-cell"
  | "unknown-grant"
  | "unknown-unlock"
  | "no-such-route"
  | "chain-conflict"
  | "chain-duplicate"
  | "batch-number"
  | "batch-reused"
  | "revision-conflict"
  | "sign-in-refused"
  | "code-refused"
  | "session-ended"
  | "step-up"
  | "sms-off"
  | "no-second-factor"
  | "factor-locked"
  | "last-factor"
  | "login-taken"
  | "no-authority"
  | "sign-ups-paused"
  | "too-large"
  | "too-many"
  | "quota"
  | "internal"
  | "unavailable";

/**
 * The HTTP status of every kind of error that a service answers with: the one table.
 *
 * Someone else's vault is 404, not 403: whether it exists is nobody's business.
 *
 * Source:  spec/api.md §2; spec/directory-api.md.
 */
export const PROBLEM_STATUS: Readonly<Record<ProblemKind, number>> = {
  malformed: 400,
  "wrong-type": 400,
  "bad-key": 400,
  "chain-gap": 400,
  "chain-fork": 400,
  "chain-fields": 400,
  "unlisted-wrap": 400,
  "root-mismatch": 400,
  "unknown-parameter": 400,
  "trail-missing": 400,
  unsigned: 401,
  "bad-signature": 401,
  "wrong-key": 401,
  "capability-mismatch": 401,
  "capability-expired": 401,
  "capability-replayed": 401,
  "not-yours": 403,
  "outside-grant": 403,
  "grant-expired": 403,
  "grant-revoked": 403,
  "not-live": 403,
  "certificate-expired": 403,
  "certificate-path": 403,
  "certificate-suspended": 403,
  "key-unattested": 403,
  "attestation-expired": 403,
  "unknown-device": 403,
  "no-such-vault": 404,
  "unknown-vault": 404,
  "unknown-source": 404,
  "unknown-scope": 404,
  "unknown-cell": 404,
  "unknown-grant": 404,
  "unknown-unlock": 404,
  "no-such-route": 404,
  "chain-conflict": 409,
  "chain-duplicate": 409,
  "batch-number": 409,
  "batch-reused": 409,
  "revision-conflict": 409,
  "sign-in-refused": 401,
  "code-refused": 401,
  "session-ended": 401,
  "step-up": 403,
  "sms-off": 403,
  "no-second-factor": 403,
  "factor-locked": 403,
  "last-factor": 409,
  "login-taken": 409,
  "no-authority": 403,
  "sign-ups-paused": 429,
  "too-large": 413,
  "too-many": 429,
  quota: 429,
  internal: 500,
  unavailable: 503,
};

/** What some kinds say besides their name. All others say nothing. */
export interface ProblemFields {
  /** What was read, never what it held: `upload`, `query`, `vault handle`. */
  readonly malformed: { readonly what: string };
  /** The number and the `prev` that the source's next batch must have. */
  readonly "batch-number": { readonly number: number; readonly hash: Digest };
  /** The revision that is stored; 0 for none. */
  readonly "revision-conflict": { readonly record: RecordHandle; readonly revision: number };
  /** The chain's newest link. */
  readonly "chain-conflict": { readonly seq: number; readonly hash: Digest };
}

type PlainKind = Exclude<ProblemKind, keyof ProblemFields>;

/** An error, as the cloud gives it and a client reads it. Told apart by `kind`. */
export type Problem =
  | { readonly [K in PlainKind]: { readonly kind: K } }[PlainKind]
  | {
      readonly [K in keyof ProblemFields]: { readonly kind: K } & ProblemFields[K];
    }[keyof ProblemFields];
