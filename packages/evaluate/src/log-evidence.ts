import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  encodeCbor,
  type LogEvidence,
  type Malformed,
  parseLogEvidence,
  type VerifyKey,
} from "@salus/protocol";
import { rootsOf, type TreeHead } from "./log-proof.ts";
import { type Statement, type StatementError, verifySigned } from "./statement.ts";

/** A log that said two things of which one is a lie, and is held to both by its signature. */
export interface Contradiction {
  /** `log-fork`: the same size with two roots. `log-inconsistent`: the older is no beginning of the newer. */
  readonly kind: "log-fork" | "log-inconsistent";
  readonly log: string;
  readonly key: VerifyKey;
  readonly first: Statement<"checkpoint">;
  readonly second: Statement<"checkpoint">;
}

/** Why evidence shows nothing. */
export type EvidenceError = Malformed | StatementError | { readonly kind: "no-contradiction" };

/** Evidence as it is handed on. */
export function encodeEvidence(evidence: LogEvidence): Bytes {
  return encodeCbor(evidence);
}

/**
 * Whether two checkpoints contradict each other. Whoever is told so can check it alone, without a
 * network: the checkpoints are signed, and the proof hashes to what they say or it does not.
 *
 * For two sizes the proof must hash to the root of the newer tree; what it then shows as the root of
 * the first leaves binds the log as if it had signed it. A proof that fits neither root shows nothing:
 * anybody can write one.
 *
 * Takes:   bytes from anywhere; `key`, the log's key where the reader knows it from elsewhere.
 * Fails:   `malformed`; any `StatementError`; `no-contradiction`.
 * Source:  spec/log.md §1; vectors/log-v1.json.
 */
export function verifyEvidence(
  bytes: Uint8Array,
  key?: VerifyKey,
): Result<Contradiction, EvidenceError> {
  const evidence = parseLogEvidence(bytes);
  if (!evidence.ok) return evidence;
  const first = verifySigned("checkpoint", evidence.value.first, key);
  if (!first.ok) return first;
  const second = verifySigned("checkpoint", evidence.value.second, first.value.signer);
  if (!second.ok) return second;
  const kind = contradiction(first.value.payload, second.value.payload, evidence.value.proof);
  const { log } = first.value.payload;
  if (kind === undefined || log !== second.value.payload.log) {
    return fail({ kind: "no-contradiction" });
  }
  const pair = { first: first.value, second: second.value };
  return ok({ kind, log, key: first.value.signer, ...pair });
}

function contradiction(
  first: TreeHead,
  second: TreeHead,
  proof: LogEvidence["proof"],
): Contradiction["kind"] | undefined {
  if (first.size > second.size) return undefined;
  if (first.size === second.size) {
    const differs = proof.length === 0 && !equalBytes(first.root, second.root);
    return differs ? "log-fork" : undefined;
  }
  const roots = first.size === 0 ? undefined : rootsOf(first.size, second.size, proof);
  if (roots === undefined || !equalBytes(roots.newer, second.root)) return undefined;
  return equalBytes(roots.older, first.root) ? undefined : "log-inconsistent";
}
