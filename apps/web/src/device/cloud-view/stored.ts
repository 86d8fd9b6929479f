import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { Absent, parseEntry, RecordHandle } from "@salus/protocol";
import { withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { matchOf } from "../record/items.ts";
import { roomOf } from "../record/room.ts";
import { type BytesView, bytesView } from "./bytes-view.ts";

/** What a header consists of. Source: spec/envelope.md §1. */
const HEADER = [
  ["format", 0, 4],
  ["vault", 4, 32],
  ["record", 36, 16],
  ["revision", 52, 4],
  ["source", 56, 16],
  ["cell", 72, 16],
  ["generation", 88, 4],
  ["policy", 92, 4],
  ["batch", 96, 16],
  ["sealed", 112, 8],
  ["size", 120, 8],
  ["salt", 128, 32],
  ["commitment", 160, 32],
] as const;
const BODY_AT = 192;
const AUTHOR_BYTES = 32;
const SIGNATURE_BYTES = 64;

export type PartName = (typeof HEADER)[number][0] | "body" | "author" | "signature";

/** One part of a stored record: its bytes, and the number that they are, where it is one. */
export interface PartView extends BytesView {
  readonly name: PartName;
  readonly number: number | undefined;
}

/** One entry by which a record is found. */
export interface EntryView extends BytesView {
  readonly kind: "ordered" | "sealed" | "tags" | "unknown";
}

/** All that the cloud has of one record. */
export interface StoredView {
  readonly bytes: number;
  readonly parts: readonly PartView[];
  readonly entries: readonly EntryView[];
}

const NUMBERS: ReadonlySet<PartName> = new Set([
  "revision",
  "generation",
  "policy",
  "sealed",
  "size",
]);

/**
 * What the cloud stores of a record of hers: the real bytes, none of them opened.
 *
 * Leaks:   to the cloud: that the record is fetched.
 * Fails:   `not-found`, also for a record of another's vault; any `ClientError`.
 */
export function stored(handle: string): Promise<Result<StoredView, Problem>> {
  return withOpen(async (open): Promise<Result<StoredView, Failure>> => {
    const room = roomOf(open);
    const record = RecordHandle.fromHex(handle);
    if (!record.ok || room.other !== undefined) return fail({ kind: "not-found" });
    const match = await matchOf(room, handle);
    if (!match.ok) return match;
    const vault = await room.vault();
    if (!vault.ok) return vault;
    const { source } = match.value.origin;
    const question = { source, after: before(record.value), limit: 1, entries: true };
    const page = await open.cloud.records(open.identity.caller(), vault.value.vault, question);
    if (!page.ok) return page;
    const [found] = page.value.records;
    if (found === undefined || !equalBytes(found.record, record.value)) {
      return fail({ kind: "not-found" });
    }
    const entries = found.entries.map(({ entry }) => ({
      kind: kindOf(entry),
      ...bytesView(entry),
    }));
    return ok({ bytes: found.envelope.length, parts: partsOf(found.envelope), entries });
  });
}

function partsOf(envelope: Bytes): readonly PartView[] {
  const bodyEnd = envelope.length - AUTHOR_BYTES - SIGNATURE_BYTES;
  const places: readonly (readonly [PartName, number, number])[] = [
    ...HEADER,
    ["body", BODY_AT, bodyEnd - BODY_AT],
    ["author", bodyEnd, AUTHOR_BYTES],
    ["signature", bodyEnd + AUTHOR_BYTES, SIGNATURE_BYTES],
  ];
  return places.map(([name, at, length]) => {
    const bytes = envelope.subarray(at, at + length);
    return { name, number: NUMBERS.has(name) ? numberOf(bytes) : undefined, ...bytesView(bytes) };
  });
}

function numberOf(bytes: Bytes): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

function kindOf(bytes: Bytes): EntryView["kind"] {
  const entry = parseEntry(bytes);
  return entry.ok ? entry.value.kind : "unknown";
}

/** The handle before another: pages begin behind it. */
function before(record: RecordHandle): RecordHandle | Absent {
  const number = BigInt(`0x${toHex(record)}`);
  if (number === 0n) return Absent.of(new Uint8Array(0));
  const digits = (number - 1n).toString(16).padStart(record.length * 2, "0");
  const handle = RecordHandle.fromHex(digits);
  if (!handle.ok) throw new Error("bug: a handle has as many digits as the next");
  return handle.value;
}
