import { assert, type Bytes, fail, ok, type Result, utf8 } from "@salus/base";
import { type Key, recordHandle, type Signer } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import {
  type Assigned,
  type Category,
  type DerivedIndex,
  type DeriveError,
  deriveIndex,
  type IndexEntry,
  type Policy,
} from "@salus/health";
import {
  encodeMessage,
  LIMITS,
  type RecordContent,
  type RecordHandle,
  TOMBSTONE_MEDIA,
} from "@salus/protocol";
import type { Resource } from "../resource.ts";
import type { RefusedRecord } from "./report.ts";

/** Who signs a record, when it is not the organisation itself. */
export interface Author {
  readonly signer: Signer;
  /** The certificates from the organisation's key down to the author's. */
  readonly certificates: readonly Bytes[];
}

/** What is stored and indexed of a resource, before it is known in which vault. */
export interface Derived {
  readonly policy: Policy;
  /** Provider nodes from the organisation down to the author. */
  readonly path: readonly string[];
  readonly index: DerivedIndex;
  /** The resource, as JSON. */
  readonly text: string;
}

interface Provenance {
  /** How it was found that the resource belongs here; `stated` when left out. */
  readonly assigned?: Assigned;
  /** The department or physician who signs it: the path must lead to her. */
  readonly author?: Author;
}

/** One resource on its way into a vault. */
export interface ResourceUpload extends Provenance {
  readonly resource: Resource;
  /** Provider nodes below the organisation, down to the author: `[department, physician]`. */
  readonly path?: readonly string[];
}

/** One resource on its way into a vault, of which the index has been derived. */
export interface DerivedUpload extends Provenance {
  readonly derived: Derived;
}

export type Upload = ResourceUpload | DerivedUpload;

/** A resource with its name, its index and its content: all but keys. */
export interface Prepared {
  readonly type: string;
  readonly id: string;
  readonly record: RecordHandle;
  readonly category: Category;
  readonly tombstone: boolean;
  /** Nodes below the organisation. */
  readonly path: readonly string[];
  readonly entries: readonly IndexEntry[];
  readonly content: RecordContent;
  /** The first bytes of the hash of the content: whether it is what was sent before. */
  readonly fingerprint: Bytes;
  readonly author: Author | undefined;
}

export interface PrepareContext {
  readonly records: Key<"record-handle">;
  readonly policy: Policy;
  /** The organisation's own node. */
  readonly organisation: string;
}

const FHIR_MEDIA = "application/fhir+json";
export const FINGERPRINT_BYTES = 16;
const NODE_BYTES_MAX = 128;
const PATH_MAX = 16;
/** What an envelope has beside its body; padding adds at most an eighth. */
const AROUND_BODY_BYTES = 8192;

/**
 * Derive what is stored and indexed of a resource, for whichever vaults have this policy.
 *
 * Takes:   `path`, provider nodes from the organisation down to the author.
 * Fails:   any `DeriveError`.
 */
export function derive(
  resource: Resource,
  path: readonly string[],
  policy: Policy,
): Result<Derived, DeriveError> {
  const index = deriveIndex(resource, { path, policy });
  return index.ok
    ? ok({ policy, path, index: index.value, text: JSON.stringify(resource) })
    : index;
}

/** Name what is stored and indexed of a resource in one vault. Fails: what the report says of it. */
export function prepare(context: PrepareContext, upload: Upload): Result<Prepared, RefusedRecord> {
  const derived = derivedOf(context, upload);
  if (!derived.ok) return derived;
  const { index, path, text } = derived.value;
  const { type, id, category, entries } = index;
  const named = { resourceType: type, id };
  if (!isPath(path)) return refuse(named, "bad-path", undefined);
  const body = utf8(text);
  if (body.length * 1.125 + AROUND_BODY_BYTES > LIMITS.envelopeBytes) {
    return refuse(named, "too-large", undefined);
  }
  const { assigned = "stated", author } = upload;
  const content: RecordContent = { media: FHIR_MEDIA, path, assigned, body };
  const record = recordHandle(context.records, type, id);
  const fingerprint = fingerprintOf(content);
  const below = path.slice(1);
  const what = { type, id, record, category, tombstone: false };
  return ok({ ...what, path: below, entries, content, fingerprint, author });
}

/** What was derived before, unless the vault has another policy. */
function derivedOf(
  { organisation, policy }: PrepareContext,
  upload: Upload,
): Result<Derived, RefusedRecord> {
  if ("derived" in upload && upload.derived.policy === policy) {
    assert(upload.derived.path[0] === organisation, "a path begins with who writes");
    return ok(upload.derived);
  }
  const resource = "derived" in upload ? JSON.parse(upload.derived.text) : upload.resource;
  const below = "derived" in upload ? upload.derived.path.slice(1) : (upload.path ?? []);
  const derived = derive(resource, [organisation, ...below], policy);
  return derived.ok ? derived : refuse(resource, derived.error.kind, whereOf(derived.error));
}

/** What takes the place of a record that is deleted. */
export function prepareTombstone(
  { organisation, records }: PrepareContext,
  category: Category,
  { resourceType: type, id }: { readonly resourceType: string; readonly id: string },
): Prepared {
  const content = tombstoneOf(organisation, type, id);
  const record = recordHandle(records, type, id);
  const rest = { tombstone: true, path: [], entries: [], content, author: undefined };
  return { type, id, record, category, ...rest, fingerprint: fingerprintOf(content) };
}

/** What a deletion of a record is known by, in whichever category. */
export function tombstoneFingerprint(organisation: string, type: string, id: string): Bytes {
  return fingerprintOf(tombstoneOf(organisation, type, id));
}

function tombstoneOf(organisation: string, resourceType: string, id: string): RecordContent {
  const body = utf8(JSON.stringify({ resourceType, id }));
  return { media: TOMBSTONE_MEDIA, path: [organisation], assigned: "stated", body };
}

function fingerprintOf(content: RecordContent): Bytes {
  return digest(encodeMessage(content)).slice(0, FINGERPRINT_BYTES);
}

function isPath(path: readonly string[]): boolean {
  const fits = (node: string): boolean => node !== "" && utf8(node).length <= NODE_BYTES_MAX;
  return path.length <= PATH_MAX && path.every(fits);
}

function whereOf(error: DeriveError): string | undefined {
  return "path" in error ? error.path : undefined;
}

function refuse(
  resource: unknown,
  problem: RefusedRecord["problem"],
  where: string | undefined,
): Result<never, RefusedRecord> {
  const { resourceType, id } = (resource ?? {}) as Partial<Resource>;
  const text = (value: unknown): string | undefined =>
    typeof value === "string" ? value : undefined;
  return fail({ type: text(resourceType) ?? "", id: text(id), problem, where });
}
