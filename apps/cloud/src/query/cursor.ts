import { type Bytes, concat, fail, ok, type Result } from "@salus/base";
import { type Malformed, Term } from "@salus/protocol";
import type { Place } from "../store/ordered-entry.ts";

/**
 * How far a question has been answered. It is the client's to keep: what comes back is believed in
 * nothing but its position.
 */
export type Cursor =
  | { readonly mode: "start" }
  /** In the order of the records' numbers: behind this one. */
  | { readonly mode: "records"; readonly after: number }
  /** Range by range of the one clause, in the order of the terms. */
  | { readonly mode: "ranges"; readonly range: number; readonly after: Place }
  /** Each group at a place of its own. */
  | { readonly mode: "groups"; readonly places: readonly GroupPlace[] };

/** Before a group's first candidate, behind one, or behind its last. */
export type GroupPlace = "start" | "ended" | Place;

const MODES = { records: 1, ranges: 2, groups: 3 } as const;
const START = 0;
const ENDED = 1;
const AT = 2;
const PLACE_BYTES = 20;
const MALFORMED: Result<never, Malformed> = fail({ kind: "malformed", what: "cursor" });

/** A cursor as it is sent. The one of a new question is empty. */
export function encodeCursor(cursor: Cursor): Bytes {
  switch (cursor.mode) {
    case "start":
      return new Uint8Array();
    case "records":
      return concat(Uint8Array.of(MODES.records), u32(cursor.after));
    case "ranges":
      return concat(Uint8Array.of(MODES.ranges), u32(cursor.range), encodePlace(cursor.after));
    case "groups":
      return concat(Uint8Array.of(MODES.groups), ...cursor.places.map(encodeGroup));
  }
}

/**
 * Read a cursor that a client sent.
 *
 * Takes:   `groups`, how many groups the question has; 0 when it asks for no order.
 * Fails:   `malformed`: also for a cursor of another kind of question.
 */
export function parseCursor(bytes: Uint8Array, groups: number): Result<Cursor, Malformed> {
  const [mode] = bytes;
  if (mode === undefined) return ok({ mode: "start" });
  if ((mode === MODES.groups) !== groups > 0) return MALFORMED;
  if (mode === MODES.groups) return parseGroups(bytes.subarray(1), groups);
  if (mode === MODES.records && bytes.length === 5) {
    return ok({ mode: "records", after: readU32(bytes, 1) });
  }
  if (mode === MODES.ranges && bytes.length === 5 + PLACE_BYTES) {
    return ok({ mode: "ranges", range: readU32(bytes, 1), after: readPlace(bytes, 5) });
  }
  return MALFORMED;
}

function parseGroups(bytes: Uint8Array, groups: number): Result<Cursor, Malformed> {
  const places: GroupPlace[] = [];
  let at = 0;
  while (at < bytes.length) {
    const state = bytes[at];
    at += 1;
    if (state === START) places.push("start");
    else if (state === ENDED) places.push("ended");
    else if (state === AT && at + PLACE_BYTES <= bytes.length) {
      places.push(readPlace(bytes, at));
      at += PLACE_BYTES;
    } else return MALFORMED;
  }
  return places.length === groups ? ok({ mode: "groups", places }) : MALFORMED;
}

function encodeGroup(place: GroupPlace): Bytes {
  if (place === "start") return Uint8Array.of(START);
  if (place === "ended") return Uint8Array.of(ENDED);
  return concat(Uint8Array.of(AT), encodePlace(place));
}

function encodePlace({ term, record }: Place): Bytes {
  return concat(term, u32(record));
}

function readPlace(bytes: Uint8Array, at: number): Place {
  return { term: Term.of(bytes.slice(at, at + 16)), record: readU32(bytes, at + 16) };
}

function u32(value: number): Bytes {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** Numbers of records and ranges have 31 bits: a greater one is brought down to the greatest. */
function readU32(bytes: Uint8Array, at: number): number {
  const value = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
  return Math.min(value, 0x7fff_ffff);
}
