import { randomBytes } from "node:crypto";
import { Key } from "@salus/crypto";

/** Codes of so many bits, nearly each as likely as the others, sentinels left out. */
export function randomCodes(count: number, bits: number): Float64Array {
  const bytes = randomBytes(6 * count);
  return Float64Array.from(
    { length: count },
    (_, at) => 1 + (bytes.readUIntBE(6 * at, 6) % (2 ** bits - 2)),
  );
}

/** 32 bytes for a baseline's cipher. */
export function rawKey(): Uint8Array {
  return randomBytes(32);
}

export function freshMapKey(): Key<"ordered-map"> {
  return new Key("ordered-map", rawKey());
}

export function freshCellKey(): Key<"cell-index"> {
  return new Key("cell-index", rawKey());
}
