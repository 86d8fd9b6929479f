import { type Bytes, compareBytes, fail, ok, type Result } from "@salus/base";
import * as v from "valibot";
import { decodeCbor } from "./cbor.ts";
import type { Malformed, Opaque } from "./ids.ts";

/** What turns an untrusted value into a `T`: unknown, missing and ill-typed fields are refused. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/** A schema, and a claim that what it read must meet besides. */
export function checked<T>(schema: Schema<T>, claim: (value: T) => boolean): Schema<T> {
  return v.pipe(schema, v.check(claim));
}

/** Byte strings of one kind. */
export function opaqueField<T extends Bytes>(kind: Opaque<T>): Schema<T> {
  return v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => kind.parse(bytes).ok),
    v.transform((bytes) => kind.of(bytes)),
  );
}

/** Byte strings of `min` to `max` bytes. */
export function bytesField(min: number, max: number): Schema<Bytes> {
  return v.pipe(
    v.custom<Bytes>((value) => value instanceof Uint8Array),
    v.check((bytes) => bytes.length >= min && bytes.length <= max),
  );
}

/** An integer of `min` to `max`. */
export function uintField(min = 0, max: number = Number.MAX_SAFE_INTEGER): Schema<number> {
  return v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
}

/** The end of the year 9999: the last moment that everything which shows or stores times can say. */
const TIME_MAX = 253_402_300_799_999;

/** A time, in milliseconds since 1970. Source: spec/README.md, Conventions. */
export function timeField(): Schema<number> {
  return uintField(0, TIME_MAX);
}

/** A text of at most `max` bytes of UTF-8. */
export function textField(max: number, min = 0): Schema<string> {
  return v.pipe(v.string(), v.minBytes(min), v.maxBytes(max));
}

/** A list of at most `max` items. */
export function listField<T>(item: Schema<T>, max: number): Schema<readonly T[]> {
  return v.pipe(v.array(item), v.maxLength(max));
}

/** A list of byte strings, ascending, without repeats. */
export function sortedField<T extends Bytes>(item: Schema<T>, max: number): Schema<readonly T[]> {
  return checked(listField(item, max), isAscending);
}

/** Whether byte strings ascend without repeats. */
function isAscending(list: readonly Uint8Array[]): boolean {
  return list.every((item, at) => at === 0 || compareBytes(list[at - 1] as Uint8Array, item) < 0);
}

/**
 * Read CBOR from outside as the value that a schema describes.
 *
 * Fails:   `malformed`, with `what` and nothing of the content.
 */
export function decodeAs<T>(
  schema: Schema<T>,
  bytes: Uint8Array,
  what: string,
): Result<T, Malformed> {
  const value = decodeCbor(bytes, what);
  return value.ok ? parseAs(schema, value.value, what) : value;
}

/** Read a decoded value as what a schema describes. Fails: `malformed`. */
export function parseAs<T>(schema: Schema<T>, value: unknown, what: string): Result<T, Malformed> {
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  return parsed.success ? ok(parsed.output) : fail({ kind: "malformed", what });
}
