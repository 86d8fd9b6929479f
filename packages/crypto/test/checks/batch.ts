import { type ChainState, entriesRoot, merkleRoot, readChain, verifyBatch } from "@salus/evaluate";
import { parseUpload, RecordHandle } from "@salus/protocol";
import vectors from "../../../../vectors/batch-v1.json" with { type: "json" };
import chain from "../../../../vectors/chain-v1.json" with { type: "json" };
import { type Check, group, hex, must, outcome, same } from "./check.ts";

/**
 * What only a store can judge, because it depends on batches before: the cloud's own tests run these
 * vectors against PostgreSQL. Here they must pass, as far as chain and upload alone can say.
 */
const NEEDS_STORE: ReadonlySet<string> = new Set([
  "batch-number",
  "batch-reused",
  "revision-conflict",
  "unknown-scope",
]);
const NEEDS_STORE_TOO: ReadonlySet<string> = new Set([
  "an entry in a scope that another introduced",
  "a scope that another introduced",
  "an index item for another source's record",
]);

export const batchChecks: readonly Check[] = group("batch-v1", [
  ...vectors.valid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const upload = must(parseUpload(hex(vector.upload)));
      const batch = must(verifyBatch(upload, stateAfter(vectors.links)));
      const { statement, items } = batch;
      same(statement.hash, vector.receipt.hash);
      same(statement.payload.number, vector.receipt.number);
      same(statement.payload.root, vector.root);
      same(merkleRoot(items.map(({ leaf }) => leaf)), vector.root);
      for (const [at, item] of items.entries()) {
        const expected = vector.items[at];
        if (expected === undefined) throw new Error(`no item ${at}`);
        same(item.kind === "record" ? 1 : 2, expected.kind);
        same([item.record, item.revision], [expected.record, expected.revision]);
        same(item.entryBytes, expected.entries);
        same(item.leaf, expected.leaf);
        const record = RecordHandle.of(hex(expected.record));
        same(
          entriesRoot(record, expected.revision, expected.entries.map(hex)),
          expected.entriesRoot,
        );
      }
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const upload = parseUpload(hex(vector.upload));
      const result = upload.ok ? verifyBatch(upload.value, stateAfter(vector.links)) : upload;
      const later = NEEDS_STORE.has(vector.error) || NEEDS_STORE_TOO.has(vector.comment);
      same(outcome(result), later ? "ok" : vector.error);
      if (vector.error === "unknown-scope") {
        same(result.ok && result.value.earlierScopes.length, 1, "scopes left to the store");
      }
    },
  })),
]);

function stateAfter(links: number): ChainState {
  return must(readChain(chain.valid.slice(0, links).map(({ signed }) => hex(signed))));
}
