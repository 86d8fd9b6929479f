import {
  assert,
  type Bytes,
  beInteger,
  concat,
  fail,
  type Result,
  readBeInteger,
} from "@salus/base";
import {
  encodeCbor,
  type GrantHandle,
  type KemPublic,
  parseTrailContent,
  parseTrailEntry,
  type RequestHandle,
  TRAIL_BYTES_MAX,
  type TrailContent,
  type VaultHandle,
} from "@salus/protocol";
import { KemPair, type Unreadable, type WrapPurpose, wrapTo } from "./kem-pair.ts";
import { derive, type Key } from "./keys.ts";

/** What a trail entry belongs to: it opens for no other. */
export interface TrailPlace {
  readonly vault: VaultHandle;
  /** As the capability names it. */
  readonly grant: GrantHandle | RequestHandle;
}

/** X25519: an entry is sealed for every request, and must not cost a search its speed. */
const SUITE = 2;
const LENGTH_BYTES = 4;
/** Lengths that the cloud can tell apart are no finer: a search's text is mostly shorter. */
const STEP_BYTES = 512;

/** The key pair that a patient reads her trail with. Source: spec/log.md §2. */
export function trailKeyPair(root: Key<"vault-root">): KemPair {
  return new KemPair(derive(root, "trail-kem-seed"), SUITE);
}

/**
 * Seal what a grantee asks, for the patient alone.
 *
 * Leaks:   to the cloud: the length, in steps of 512 bytes, and to whom it is sealed.
 * Cost:    one encapsulation: 0.9 ms in Node for suite 2.
 * Source:  spec/log.md §2; vectors/log-v1.json.
 */
export async function sealTrail(
  to: KemPublic,
  place: TrailPlace,
  content: TrailContent,
  drawn?: Bytes,
): Promise<Bytes> {
  const entry = encodeCbor(await wrapTo(to, purposeOf(place), pad(encodeCbor(content)), drawn));
  assert(entry.length <= TRAIL_BYTES_MAX, "what fits the fields of an entry fits an entry");
  return entry;
}

/**
 * Open a trail entry.
 *
 * Fails:   `unreadable`.
 * Source:  spec/log.md §2; vectors/log-v1.json.
 */
export async function openTrail(
  pair: KemPair,
  place: TrailPlace,
  entry: Bytes,
): Promise<Result<TrailContent, Unreadable>> {
  const wrap = parseTrailEntry(entry);
  if (!wrap.ok) return UNREADABLE;
  const text = await pair.unwrap(purposeOf(place), wrap.value);
  const content = text.ok ? unpad(text.value) : undefined;
  const read = content && parseTrailContent(content);
  return read?.ok ? read : UNREADABLE;
}

const UNREADABLE: Result<never, Unreadable> = fail({ kind: "unreadable" });

function purposeOf({ vault, grant }: TrailPlace): WrapPurpose {
  return { purpose: "trail", context: { vault, grant } };
}

function pad(content: Bytes): Bytes {
  const size = Math.ceil((LENGTH_BYTES + content.length) / STEP_BYTES) * STEP_BYTES;
  const zeros = new Uint8Array(size - LENGTH_BYTES - content.length);
  return concat(beInteger(content.length, LENGTH_BYTES), content, zeros);
}

/** Nothing when it is not padded in the one way. */
function unpad(padded: Bytes): Bytes | undefined {
  if (padded.length < LENGTH_BYTES || padded.length % STEP_BYTES !== 0) return undefined;
  const end = LENGTH_BYTES + readBeInteger(padded.subarray(0, LENGTH_BYTES));
  const rest = padded.subarray(end);
  const short = end <= padded.length && rest.length < STEP_BYTES;
  return short && rest.every((byte) => byte === 0) ? padded.slice(LENGTH_BYTES, end) : undefined;
}
