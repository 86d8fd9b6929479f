import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { digest, growTree, leafHash, logLeaf } from "@salus/evaluate";
import { type Digest, parseLogLeaf } from "@salus/protocol";
import type { LogError, LogWatch, SeenCheckpoint } from "./log-watch.ts";

/** Where something public stands in a cloud's log. */
export interface PublishedAt {
  readonly index: number;
  readonly time: number;
}

const KIND = "certificate";
/** What is public has no secret salt, and no number. Spec: log §1. */
const SALT: Bytes = new Uint8Array(32);

/**
 * What a cloud's log says of certificates and statuses: whoever has one knows what its leaf commits to.
 *
 * That the leaves are those of the log is known by their root, so all of them are looked through once;
 * afterwards only those that are new.
 */
export class PublishedLeaves {
  readonly #watch: LogWatch;
  readonly #found = new Map<string, PublishedAt>();
  #size = 0;
  #frontier: readonly Digest[] = [];

  constructor(watch: LogWatch) {
    this.#watch = watch;
  }

  /**
   * Look through the leaves that are new.
   *
   * Gives:   how many there are.
   * Fails:   `log-inconsistent`: they are not those of the checkpoint; as `LogWatch.check`.
   * Cost:    some 80 bytes and two hashes for each leaf.
   */
  async update(): Promise<Result<number, LogError>> {
    const checkpoint = await this.#watch.check();
    if (!checkpoint.ok) return checkpoint;
    const read = await this.#readTo(checkpoint.value);
    return read.ok ? ok(this.#size) : read;
  }

  /** Where something stands that was signed and published; nothing when it does not. */
  find(signed: Bytes): PublishedAt | undefined {
    const content = { kind: KIND, time: 0, number: 0, object: digest(signed) } as const;
    return this.#found.get(toHex(logLeaf(SALT, content).commitment));
  }

  async #readTo({ statement }: SeenCheckpoint): Promise<Result<void, LogError>> {
    const { size, root } = statement.payload;
    let [at, frontier] = [this.#size, this.#frontier];
    const found: [string, PublishedAt][] = [];
    while (at < size) {
      const page = await this.#watch.service.leaves(at);
      if (!page.ok) return page;
      const leaves = page.value.leaves.slice(0, size - at);
      if (leaves.length === 0) return fail({ kind: "malformed-answer", what: "leaves" });
      for (const [number, bytes] of leaves.entries()) {
        const leaf = parseLogLeaf(bytes);
        if (!leaf.ok) return fail({ kind: "malformed-answer", what: "leaves" });
        const { kind, time, commitment } = leaf.value;
        if (kind === KIND) found.push([toHex(commitment), { index: at + number, time }]);
      }
      const grown = growTree(at, frontier, leaves.map(leafHash));
      at += leaves.length;
      frontier = grown.frontier;
      if (at === size && !equalBytes(grown.root, root)) {
        return fail({ kind: "log-inconsistent", log: "cloud" });
      }
    }
    // Believed only now that the root has shown whose leaves they are.
    for (const [commitment, place] of found) this.#found.set(commitment, place);
    [this.#size, this.#frontier] = [at, frontier];
    return ok(undefined);
  }
}
