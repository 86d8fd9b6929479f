import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type BatchItem,
  type BatchStatement,
  type CellHandle,
  type CellWrap,
  type Certificate,
  type Digest,
  type Entry,
  encodeCbor,
  type IndexItem,
  isAbsent,
  type Malformed,
  parseEntry,
  type RecordHandle,
  type RecordItem,
  type ScopeHandle,
  type Upload,
  type VerifyKey,
} from "@salus/protocol";
import { encodeLeaf, entriesRoot, NO_ENVELOPE } from "./batch-leaf.ts";
import {
  type CertificateBook,
  certificateBook,
  certificatePath,
  type Standing,
  verifyCertificate,
} from "./certificate.ts";
import { type ChainState, named, type SourceState } from "./chain-state.ts";
import { digest } from "./digest.ts";
import { type EnvelopeHeader, splitEnvelope, verifyAuthor } from "./envelope-header.ts";
import { merkleRoot } from "./merkle.ts";
import { readSigned, type Statement, type StatementError, verifySigned } from "./statement.ts";

/** Why an upload is refused, as far as chain and upload alone can say. Spec: batch §5. */
export type BatchError =
  | StatementError
  | { readonly kind: "unknown-vault" }
  | { readonly kind: "chain-fork" }
  | { readonly kind: "unknown-cell" }
  | { readonly kind: "not-live" }
  | { readonly kind: "not-yours" }
  | { readonly kind: "certificate-suspended" }
  | { readonly kind: "root-mismatch" };

/** An upload that its source may make, as far as chain and upload alone can say. */
export interface VerifiedBatch {
  readonly statement: Statement<"batch">;
  readonly source: SourceState;
  readonly wraps: readonly CellWrap[];
  readonly certificates: readonly Statement<"certificate">[];
  readonly items: readonly VerifiedItem[];
  /**
   * Scopes that entries use and that neither the chain nor this batch introduces: an earlier batch
   * of this source must have. The scopes that this batch introduces are in its statement: none may
   * be known for another source.
   */
  readonly earlierScopes: readonly ScopeHandle[];
}

export type VerifiedItem = VerifiedRecord | VerifiedIndex;

interface VerifiedEntries {
  readonly record: RecordHandle;
  readonly revision: number;
  readonly entries: readonly Entry[];
  /** The entries as they were sent. */
  readonly entryBytes: readonly Bytes[];
  readonly leaf: Bytes;
}

export interface VerifiedRecord extends VerifiedEntries {
  readonly kind: "record";
  readonly header: EnvelopeHeader;
  readonly envelope: Bytes;
  readonly envelopeHash: Digest;
  readonly expects: number;
  readonly author: VerifyKey;
  readonly path: readonly Certificate[];
}

export interface VerifiedIndex extends VerifiedEntries {
  readonly kind: "index";
}

const malformed = (what: string): Result<never, Malformed> => fail({ kind: "malformed", what });

/**
 * Verify everything about an upload that needs no store.
 *
 * What is left to the store, in one transaction: `batch-number`, `batch-reused`, `revision-conflict`,
 * whose record an index item is for, and who introduced a scope below an organisation's.
 *
 * Takes:   `chain`, the newest state of the vault's chain; `standing`, what is known of the authors'
 *          certificates: none that was suspended when its record was sealed is accepted.
 * Fails:   any `BatchError`, the first that is met: statement, certificates, wraps, root, then items.
 * Cost:    a signature for the statement, each certificate and each record; two hashes an entry.
 * Source:  spec/batch.md; vectors/batch-v1.json.
 */
export function verifyBatch(
  upload: Upload,
  chain: ChainState,
  standing?: Standing,
): Result<VerifiedBatch, BatchError> {
  const signed = verifyStatement(upload.statement, chain);
  if (!signed.ok) return signed;
  const { statement, source } = signed.value;
  const { payload } = statement;
  if (upload.items.length !== payload.items) return malformed("batch items");
  const certificates: Statement<"certificate">[] = [];
  for (const bytes of upload.certificates) {
    const certificate = verifyCertificate(bytes);
    if (!certificate.ok) return certificate;
    certificates.push(certificate.value);
  }
  const context: Context = {
    chain,
    source,
    payload,
    book: certificateBook(certificates),
    standing,
    introduced: new Set(payload.scopes.map(toHex)),
    earlierScopes: new Map(),
    records: new Set(),
    cells: new Set(),
  };
  if (payload.scopes.some((scope) => named(chain.scopes, scope) !== undefined)) {
    return fail({ kind: "not-yours" });
  }
  const items: VerifiedItem[] = [];
  for (const item of upload.items) {
    const verified = verifyItem(context, item);
    if (!verified.ok) return verified;
    items.push(verified.value);
  }
  const wrapped = verifyWraps(context, upload.wraps);
  if (!wrapped.ok) return wrapped;
  const leaves = items.map((item) => item.leaf);
  const rooted = checkRoots(payload, upload.wraps, leaves);
  if (!rooted.ok) return rooted;
  const earlierScopes = [...context.earlierScopes.values()];
  return ok({ statement, source, wraps: upload.wraps, certificates, items, earlierScopes });
}

/**
 * Whether wraps and item leaves are those that a batch statement was signed over.
 *
 * Takes:   leaves as the cloud keeps them, in order; a reader recomputes them from what it can.
 * Fails:   `root-mismatch`.
 * Source:  spec/batch.md §4, §6.
 */
export function checkRoots(
  statement: BatchStatement,
  wraps: readonly CellWrap[],
  leaves: readonly Uint8Array[],
): Result<void, { readonly kind: "root-mismatch" }> {
  const same =
    leaves.length === statement.items &&
    equalBytes(merkleRoot(leaves), statement.root) &&
    equalBytes(wrapsDigest(wraps), statement.wraps);
  return same ? ok(undefined) : fail({ kind: "root-mismatch" });
}

/** What a batch statement says of its wraps. Source: spec/batch.md §4. */
export function wrapsDigest(wraps: readonly CellWrap[]): Digest {
  return digest(encodeCbor(wraps));
}

interface Context {
  readonly chain: ChainState;
  readonly source: SourceState;
  readonly payload: BatchStatement;
  readonly book: CertificateBook;
  readonly standing: Standing | undefined;
  readonly introduced: ReadonlySet<string>;
  readonly earlierScopes: Map<string, ScopeHandle>;
  /** Records that an item before was for. */
  readonly records: Set<string>;
  /** Cells of the envelopes so far. */
  readonly cells: Set<string>;
}

function verifyStatement(
  signed: Bytes,
  chain: ChainState,
): Result<{ statement: Statement<"batch">; source: SourceState }, BatchError> {
  const read = readSigned("batch", signed);
  if (!read.ok) return read;
  const claimed = read.value.unverified;
  const source = named(chain.sources, claimed.source);
  if (source === undefined || !equalBytes(claimed.vault, chain.vault)) {
    return fail({ kind: "unknown-vault" });
  }
  const statement = verifySigned("batch", signed, source.key);
  if (!statement.ok) return statement;
  if (source.status !== "live") return fail({ kind: "not-live" });
  const { head } = claimed;
  const seen = chain.hashes[head.seq];
  if (seen === undefined || !equalBytes(seen, head.hash)) return fail({ kind: "chain-fork" });
  return ok({ statement: statement.value, source });
}

function verifyItem(context: Context, item: BatchItem): Result<VerifiedItem, BatchError> {
  return "envelope" in item ? verifyRecord(context, item) : verifyIndex(context, item);
}

function verifyRecord(context: Context, item: RecordItem): Result<VerifiedRecord, BatchError> {
  const { payload, source, book, standing } = context;
  const parts = splitEnvelope(item.envelope);
  if (!parts.ok) return parts;
  const { header, author } = parts.value;
  const fits =
    equalBytes(header.vault, payload.vault) &&
    equalBytes(header.source, payload.source) &&
    equalBytes(header.batch, payload.batch) &&
    header.policyVersion === payload.policyVersion &&
    header.revision === item.expects + 1 &&
    !(header.tombstone && item.entries.length > 0);
  if (!fits) return malformed("envelope header");
  const cell = verifyCell(context, header.cell);
  if (!cell.ok) return cell;
  if (named(context.chain.cells, header.cell)?.generation !== header.generation) {
    return malformed("envelope header");
  }
  context.cells.add(toHex(header.cell));
  const signed = verifyAuthor(parts.value);
  if (!signed.ok) return signed;
  const path = certificatePath(book, source, author, header.sealedAt, standing);
  if (!path.ok) {
    const suspended = path.error.kind === "certificate-suspended";
    return suspended ? fail(path.error) : fail({ kind: "not-yours" });
  }
  const { record, revision } = header;
  const envelopeHash = digest(item.envelope);
  const entries = verifyEntries(context, "record", record, revision, item.entries, envelopeHash);
  if (!entries.ok) return entries;
  const { envelope, expects } = item;
  const found = {
    header,
    envelope,
    envelopeHash,
    expects,
    author,
    path: path.value.map(({ payload: step }) => step),
  };
  return ok({ kind: "record", ...entries.value, ...found });
}

function verifyIndex(context: Context, item: IndexItem): Result<VerifiedIndex, BatchError> {
  const { record, revision, entries: sent } = item;
  const entries = verifyEntries(context, "index", record, revision, sent, NO_ENVELOPE);
  return entries.ok ? ok({ kind: "index", ...entries.value }) : entries;
}

function verifyEntries(
  context: Context,
  kind: "record" | "index",
  record: RecordHandle,
  revision: number,
  entryBytes: readonly Bytes[],
  envelope: Digest,
): Result<VerifiedEntries, BatchError> {
  if (context.records.has(toHex(record))) return malformed("record named twice");
  context.records.add(toHex(record));
  const entries: Entry[] = [];
  const tagged = new Set<string>();
  for (const bytes of entryBytes) {
    const parsed = parseEntry(bytes);
    if (!parsed.ok) return parsed;
    const entry = parsed.value;
    const allowed =
      entry.kind === "ordered"
        ? verifyScope(context, entry.scope)
        : verifyCell(context, entry.cell);
    if (!allowed.ok) return allowed;
    if (entry.kind === "tags") {
      if (tagged.has(toHex(entry.cell))) return malformed("second tag list");
      tagged.add(toHex(entry.cell));
    }
    entries.push(entry);
  }
  const root = entriesRoot(record, revision, entryBytes);
  const leaf = encodeLeaf({ kind, record, revision, envelope, entries: root });
  return ok({ record, revision, entries, entryBytes, leaf });
}

function verifyCell({ chain, source }: Context, handle: CellHandle): Result<void, BatchError> {
  const cell = named(chain.cells, handle);
  if (cell === undefined) return fail({ kind: "unknown-cell" });
  if (!equalBytes(cell.source, source.source)) return fail({ kind: "not-yours" });
  return cell.status === "live" ? ok(undefined) : fail({ kind: "not-live" });
}

function verifyScope(context: Context, handle: ScopeHandle): Result<void, BatchError> {
  const scope = named(context.chain.scopes, handle);
  if (scope === undefined) {
    const name = toHex(handle);
    if (!context.introduced.has(name)) context.earlierScopes.set(name, handle);
    return ok(undefined);
  }
  const own = isAbsent(scope.node) || equalBytes(scope.node, context.source.source);
  if (!own) return fail({ kind: "not-yours" });
  return scope.status === "live" ? ok(undefined) : fail({ kind: "not-live" });
}

/** Every cell that an envelope is in has one wrap, under the cell's own suite, and no other has. */
function verifyWraps(
  { chain, cells }: Context,
  wraps: readonly CellWrap[],
): Result<void, BatchError> {
  const wrapped = new Set(wraps.map((wrap) => toHex(wrap.cell)));
  const same =
    wraps.length === cells.size &&
    wrapped.size === cells.size &&
    wraps.every(
      (wrap) => cells.has(toHex(wrap.cell)) && named(chain.cells, wrap.cell)?.suite === wrap.suite,
    );
  return same ? ok(undefined) : malformed("wraps");
}
