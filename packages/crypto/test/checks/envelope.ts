import { type Bytes, concat, equalBytes } from "@salus/base";
import { digest } from "@salus/evaluate";
import {
  type Assigned,
  BatchId,
  CellHandle,
  RecordHandle,
  SourceHandle,
  VaultHandle,
} from "@salus/protocol";
import vectors from "../../../../vectors/envelope-v1.json" with { type: "json" };
import { type Asked, type Envelope, openWith, sealWith } from "../../src/envelope.ts";
import { derive, Key, open, Signer } from "../../src/index.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

type Valid = (typeof vectors.valid)[number];
type Invalid = (typeof vectors.invalid)[number];

const author = new Signer(new Key("sign-seed", hex(vectors.authorSeed)));
const batch = new Key("batch", hex(vectors.batchKey));

export const envelopeChecks: readonly Check[] = group("envelope-v1", [
  ...vectors.valid.map((vector) => ({ name: vector.comment, run: () => checkValid(vector) })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const key = new Key("record", hex(vector.recordKey));
      const result = openWith(key, asked(vector.asked), written(vector));
      same(outcome(result), vector.error);
      // Nothing beside the kind: which part was wrong is nobody's business.
      if (vector.error === "unreadable") same(result, { ok: false, error: { kind: "unreadable" } });
    },
  })),
]);

function checkValid(vector: Valid): void {
  const envelope = sealed(vector);
  same(envelope.length, vector.length);
  same(digest(envelope), vector.sha256);
  if (vector.envelope !== undefined) same(envelope, vector.envelope);
  const opened = must(open(batch, asked(vector), envelope));
  same(opened.content, contentOf(vector));
  same(opened.header.paddedSize, vector.paddedSize);
  same(opened.header.tombstone, vector.tombstone);
  same(opened.author, vectors.authorKey);
}

function sealed(vector: Valid): Envelope {
  const record = RecordHandle.of(hex(vector.record));
  const key = derive(batch, "record", record, vector.revision);
  same(Key.reveal(key), vector.recordKey);
  const header = {
    tombstone: vector.tombstone,
    vault: VaultHandle.of(hex(vector.vault)),
    record,
    revision: vector.revision,
    source: SourceHandle.of(hex(vector.source)),
    cell: CellHandle.of(hex(vector.cell)),
    generation: vector.generation,
    policyVersion: vector.policyVersion,
    batch: BatchId.of(hex(vector.batch)),
    sealedAt: vector.sealedAt,
  };
  return sealWith(key, header, contentOf(vector), author, hex(vector.salt));
}

function contentOf({ content }: Valid): Parameters<typeof sealWith>[2] {
  const { media, path, assigned, body, bodyLength = 0 } = content;
  const filled = Uint8Array.from({ length: bodyLength }, (_, i) => (i + Math.floor(i / 256)) % 256);
  const bytes = body === undefined ? filled : hex(body);
  return { media, path, assigned: assigned as Assigned, body: bytes };
}

function asked(of: { vault: string; record: string; revision: number }): Asked {
  return {
    vault: VaultHandle.of(hex(of.vault)),
    record: RecordHandle.of(hex(of.record)),
    revision: of.revision,
    allows: (key) => equalBytes(key, author.key),
  };
}

/** A faulty envelope is written whole, or as pieces of a good one. */
function written(vector: Invalid): Bytes {
  if (vector.envelope !== undefined) return hex(vector.envelope);
  const base = vectors.valid.find(({ comment }) => comment === vector.of);
  if (base === undefined) throw new Error(`no valid case ${vector.of}`);
  const whole = sealed(base);
  const pieces: readonly { from?: number; to?: number; bytes?: string }[] = vector.pieces ?? [];
  return concat(
    ...pieces.map(({ from = 0, to = 0, bytes = "" }) =>
      bytes === "" ? whole.subarray(from, to) : hex(bytes),
    ),
  );
}
