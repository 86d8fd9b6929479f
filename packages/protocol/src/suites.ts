import type { Brand, Bytes } from "@salus/base";
import * as v from "valibot";
import { bytesField, checked, opaqueField, type Schema } from "./fields.ts";
import { CellHandle } from "./ids.ts";

/** HPKE suites by number: 1 is X-Wing, 2 is X25519. Spec: sharing §1. */
export type Suite = 1 | 2;

/** The sizes of what a suite's KEM publishes and sends. */
export const SUITES: Readonly<Record<Suite, { readonly kem: number; readonly enc: number }>> = {
  1: { kem: 1216, enc: 1120 },
  2: { kem: 32, enc: 32 },
};

/** An HPKE public key, whose suite stands beside it in the same signed statement. */
export type KemKey = Brand<Bytes, "KemKey">;

/** A public key and the suite that it is for. */
export interface KemPublic {
  readonly suite: Suite;
  readonly kem: KemKey;
}

/** One HPKE message: an encapsulation and a sealed text. Spec: sharing §1. */
export interface Wrap {
  readonly suite: Suite;
  readonly enc: Bytes;
  readonly ct: Bytes;
}

/** A batch key, wrapped to a cell. Spec: batch §4. */
export interface CellWrap extends Wrap {
  readonly cell: CellHandle;
}

/** An HPKE tag alone: the shortest sealed text. */
const CT_BYTES_MIN = 16;
/** That of a grant is the longest; what others stand in has a limit of its own. */
const CT_BYTES_MAX = 1_048_576;
/** A batch key of 32 bytes and its tag. */
const CELL_WRAP_CT_BYTES = 48;

export const suiteField: Schema<Suite> = v.picklist([1, 2]);
export const kemField: Schema<KemKey> = v.pipe(
  bytesField(32, 1216),
  v.transform((bytes) => bytes as KemKey),
);
export const encField: Schema<Bytes> = bytesField(32, 1120);

/** Whether a public key has the length that its suite gives it: part of every schema with one. */
export function kemFits(value: KemPublic): boolean {
  return value.kem.length === SUITES[value.suite].kem;
}

/** Whether an encapsulation has the length that its suite gives it. */
export function encFits(value: Wrap): boolean {
  return value.enc.length === SUITES[value.suite].enc;
}

export const wrapField: Schema<Wrap> = checked<Wrap>(
  v.strictObject({ suite: suiteField, enc: encField, ct: bytesField(CT_BYTES_MIN, CT_BYTES_MAX) }),
  encFits,
);

export const cellWrapField: Schema<CellWrap> = checked<CellWrap>(
  v.strictObject({
    cell: opaqueField(CellHandle),
    suite: suiteField,
    enc: encField,
    ct: bytesField(CELL_WRAP_CT_BYTES, CELL_WRAP_CT_BYTES),
  }),
  encFits,
);
