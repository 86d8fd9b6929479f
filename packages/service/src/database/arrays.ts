/**
 * Arrays as PostgreSQL reads them in binary: what a bulk insert hands to `unnest`.
 *
 * A list written as text costs a hexadecimal copy here and its parsing there, for every element; this
 * is one buffer that is filled once.
 *
 * Source:  PostgreSQL, src/backend/utils/adt/arrayfuncs.c, array_recv; test/order.test.ts.
 */

const OID = { bytea: 17, int2: 21, int4: 23, int8: 20, bool: 16, uuid: 2950 } as const;
const HEADER_BYTES = 20;

export function uuidArray(list: readonly Uint8Array[]): Buffer {
  return bytesArray(OID.uuid, list);
}

export function byteaArray(list: readonly Uint8Array[]): Buffer {
  return bytesArray(OID.bytea, list);
}

export function int4Array(list: ArrayLike<number>): Buffer {
  return fixedArray(OID.int4, list.length, 4, (out, at, index) => {
    out.writeInt32BE(list[index] as number, at);
  });
}

export function int2Array(list: ArrayLike<number>): Buffer {
  return fixedArray(OID.int2, list.length, 2, (out, at, index) => {
    out.writeInt16BE(list[index] as number, at);
  });
}

/** For numbers beyond 2^31: they are exact up to 2^53. */
export function int8Array(list: ArrayLike<number>): Buffer {
  return fixedArray(OID.int8, list.length, 8, (out, at, index) => {
    out.writeBigInt64BE(BigInt(list[index] as number), at);
  });
}

export function boolArray(list: readonly boolean[]): Buffer {
  return fixedArray(OID.bool, list.length, 1, (out, at, index) => {
    out[at] = list[index] ? 1 : 0;
  });
}

function fixedArray(
  oid: number,
  count: number,
  size: number,
  write: (out: Buffer, at: number, index: number) => void,
): Buffer {
  const out = Buffer.allocUnsafe(count === 0 ? 12 : HEADER_BYTES + count * (4 + size));
  let at = writeHeader(out, oid, count);
  for (let index = 0; index < count; index += 1) {
    at = out.writeInt32BE(size, at);
    write(out, at, index);
    at += size;
  }
  return out;
}

function bytesArray(oid: number, list: readonly Uint8Array[]): Buffer {
  let size = 0;
  for (const item of list) size += 4 + item.length;
  const out = Buffer.allocUnsafe(list.length === 0 ? 12 : HEADER_BYTES + size);
  let at = writeHeader(out, oid, list.length);
  for (const item of list) {
    at = out.writeInt32BE(item.length, at);
    out.set(item, at);
    at += item.length;
  }
  return out;
}

/** Dimensions, whether there are nulls, type of the elements; then length and lower bound. */
function writeHeader(out: Buffer, oid: number, count: number): number {
  let at = out.writeInt32BE(count === 0 ? 0 : 1, 0);
  at = out.writeInt32BE(0, at);
  at = out.writeInt32BE(oid, at);
  if (count === 0) return at;
  at = out.writeInt32BE(count, at);
  return out.writeInt32BE(1, at);
}
