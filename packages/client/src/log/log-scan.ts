import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { growTree, leafHash, leafMark } from "@salus/evaluate";
import { type OwnLeaf, parseLogLeaf } from "@salus/protocol";
import type { OwnPin } from "./log-pins.ts";
import type { LogError, LogWatch, SeenCheckpoint } from "./log-watch.ts";
import type { LeafOwner } from "./own-leaves.ts";

/** More new leaves than this are looked through only when somebody asks for it: 80 bytes each. */
const SCAN_MAX = 20_000;
/** Hidden leaves are looked for under so many of the numbers that come next. */
const AHEAD = 8;

type Scanned = Pick<OwnPin, "scanned" | "frontier">;

/**
 * Look through all leaves that are new for some of hers that the service kept from her: she knows what
 * marks them, whatever they are of.
 *
 * That the leaves are those of the log is known by their root.
 *
 * Takes:   `own`, her leaves that are new; `pin`, with how many there are now.
 * Gives:   how far all leaves were looked through; nothing when there are too many.
 * Fails:   `not-logged`: a leaf of hers was kept from her. `log-inconsistent`: the leaves are not those
 *          of the checkpoint. Any `CloudError`.
 */
export async function scanLeaves(
  watch: LogWatch,
  { log }: LeafOwner,
  pin: OwnPin,
  own: readonly OwnLeaf[],
  { statement }: SeenCheckpoint,
  everything: boolean,
): Promise<Result<Scanned | undefined, LogError>> {
  const { size, root } = statement.payload;
  if (size - pin.scanned > SCAN_MAX && !everything) return ok(undefined);
  const listed = new Set(own.map(({ index }) => index));
  const marks = new Set(marksFrom(pin, own.length));
  let { scanned, frontier } = pin;
  while (scanned < size) {
    const page = await watch.service.leaves(scanned);
    if (!page.ok) return page;
    const leaves = page.value.leaves.slice(0, size - scanned);
    if (leaves.length === 0) return fail({ kind: "malformed-answer", what: "leaves" });
    for (const [at, bytes] of leaves.entries()) {
      const leaf = parseLogLeaf(bytes);
      if (!leaf.ok) return fail({ kind: "malformed-answer", what: "leaves" });
      const hidden = marks.has(toHex(leaf.value.mark)) && !listed.has(scanned + at);
      if (hidden) return fail({ kind: "not-logged", log });
    }
    const grown = growTree(scanned, frontier, leaves.map(leafHash));
    scanned += leaves.length;
    frontier = grown.frontier;
    if (scanned === size && !equalBytes(grown.root, root)) {
      return fail({ kind: "log-inconsistent", log });
    }
  }
  return ok({ scanned, frontier });
}

/** The marks of her leaves that are new, and of those that could follow. */
function marksFrom({ salt, leaves }: OwnPin, fresh: number): readonly string[] {
  if (salt.length === 0) return [];
  const marks: Bytes[] = [];
  for (let at = leaves - fresh; at < leaves + AHEAD; at += 1) marks.push(leafMark(salt, at));
  return marks.map(toHex);
}
