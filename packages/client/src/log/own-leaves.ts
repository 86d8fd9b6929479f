import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { leafHash, logLeaf, verifyInclusion } from "@salus/evaluate";
import { encodeLogLeaf, type OwnLeaf, type OwnLeavesPage } from "@salus/protocol";
import type { CloudError, LogFailure, ServiceName } from "../failure.ts";
import type { LogError, LogWatch, SeenCheckpoint } from "./log-watch.ts";

/** Whose leaves they are: a vault, or an account. */
export interface LeafOwner {
  /** The vault's or the account's. */
  readonly handle: Bytes;
  readonly log: ServiceName;
  /** The owner's leaves from one number on, as the service gives them to her alone. */
  readonly fetch: (from: number, size: number) => Promise<Result<OwnLeavesPage, CloudError>>;
}

/** Leaves of one's own that were verified. */
export interface OwnLeaves {
  readonly salt: Bytes;
  readonly leaves: readonly OwnLeaf[];
  readonly checkpoint: SeenCheckpoint;
}

/**
 * Fetch leaves of one's own, and verify that each stands in the log where it is said to.
 *
 * Takes:   `from`, the number of the first.
 * Fails:   `not-logged`: a leaf is left out, or is not in the log, or not as it was. As `LogWatch.check`.
 * Cost:    one request for 500 leaves; O(log n) hashes for each.
 */
export async function fetchOwnLeaves(
  watch: LogWatch,
  owner: LeafOwner,
  from: number,
): Promise<Result<OwnLeaves, LogError>> {
  const checkpoint = await watch.check();
  if (!checkpoint.ok) return checkpoint;
  const head = checkpoint.value.statement.payload;
  const known = watch.pins.own(owner.handle);
  const leaves: OwnLeaf[] = [];
  let salt = known?.salt;
  let last = from > 0 && known?.leaves === from ? known.index : -1;
  for (let more = true; more; ) {
    const page = await owner.fetch(from + leaves.length, head.size);
    if (!page.ok) return page;
    // What commits to her leaves is hers for good: another salt would hide those before it.
    if (page.value.leaves.length > 0) salt ??= page.value.salt;
    for (const leaf of page.value.leaves) {
      const inPlace = leaf.number === from + leaves.length && leaf.index > last;
      const stands =
        inPlace && equalBytes(page.value.salt, salt ?? NOTHING) && isIn(head, salt, leaf);
      if (!stands) return notLogged(owner);
      last = leaf.index;
      leaves.push(leaf);
    }
    more = page.value.more;
    if (more && page.value.leaves.length === 0) return notLogged(owner);
  }
  return ok({ salt: salt ?? NOTHING, leaves, checkpoint: checkpoint.value });
}

const NOTHING: Bytes = new Uint8Array(0);

function isIn(
  head: SeenCheckpoint["statement"]["payload"],
  salt: Bytes | undefined,
  { index, proof, ...content }: OwnLeaf,
): boolean {
  const leaf = logLeaf(salt ?? NOTHING, content);
  return verifyInclusion(head, index, leafHash(encodeLogLeaf(leaf)), proof).ok;
}

/** What is said where a leaf of hers is left out, or is not as it was. */
export function notLogged({ log }: LeafOwner): Result<never, LogFailure> {
  return fail({ kind: "not-logged", log });
}
