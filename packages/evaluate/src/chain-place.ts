import { assert, equalBytes, fail, ok, type Result } from "@salus/base";
import { type ChainHead, Digest, type LinkPlace } from "@salus/protocol";
import { digest } from "./digest.ts";

/** A link does not stand where it says that it stands. Spec: chain §2. */
export type PlaceError = { readonly kind: "chain-gap" } | { readonly kind: "chain-fork" };

/** A chain that is shorter than, or differs from, what was seen before. */
export interface Rollback {
  readonly kind: "rollback";
}

/** How far a chain of any kind has been read. */
export interface ChainPosition {
  readonly head: ChainHead;
  /** Of the newest link, as its signer said. */
  readonly time: number;
  /** The hash of every link, by `seq`. */
  readonly hashes: readonly Digest[];
}

const NO_LINK: Digest = Digest.of(new Uint8Array(32));

/** Whether a link stands where the first of a chain does. Fails: `chain-gap`, `chain-fork`. */
export function checkFirst({ seq, prev }: LinkPlace): Result<void, PlaceError> {
  if (seq !== 0) return fail({ kind: "chain-gap" });
  return equalBytes(prev, NO_LINK) ? ok(undefined) : fail({ kind: "chain-fork" });
}

/** Whether a link follows the head. Fails: `chain-gap`, `chain-fork`. */
export function checkNext(
  { head }: ChainPosition,
  { seq, prev }: LinkPlace,
): Result<void, PlaceError> {
  if (seq !== head.seq + 1) return fail({ kind: "chain-gap" });
  return equalBytes(prev, head.hash) ? ok(undefined) : fail({ kind: "chain-fork" });
}

/** Let a link that was accepted be the head. */
export function advance(
  draft: { head: ChainHead; time: number; readonly hashes: Digest[] },
  { seq, time }: LinkPlace,
  hash: Digest,
): void {
  draft.head = { seq, hash };
  draft.time = time;
  draft.hashes.push(hash);
  assert(draft.hashes.length === seq + 1, "a chain has a hash for every link");
}

/** The head that links gave when they were appended, if every one stands in the chain. */
export function standing(
  { hashes }: ChainPosition,
  links: readonly Uint8Array[],
): ChainHead | undefined {
  const wanted = links.map((link) => digest(link));
  const [first] = wanted;
  const last = wanted.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const from = hashes.findIndex((hash) => equalBytes(hash, first));
  const stand = wanted.every((hash, at) => {
    const stored = from < 0 ? undefined : hashes[from + at];
    return stored !== undefined && equalBytes(stored, hash);
  });
  return stand ? { seq: from + links.length - 1, hash: last } : undefined;
}

/**
 * Whether a chain still holds the newest link that was seen of it before.
 *
 * Fails:   `rollback`: it is shorter, or another one.
 */
export function checkSeen(state: ChainPosition, seen: ChainHead): Result<void, Rollback> {
  const hash = state.hashes[seen.seq];
  const same = hash !== undefined && equalBytes(hash, seen.hash);
  return same ? ok(undefined) : fail({ kind: "rollback" });
}
