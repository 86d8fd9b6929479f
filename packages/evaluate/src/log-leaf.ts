import { type Bytes, beInteger, concat, encodeTuple, equalBytes, readBeInteger } from "@salus/base";
import { type ChainHead, Digest, type LeafKind, type LogLeaf } from "@salus/protocol";
import { hmacSha256, sha256 } from "#engine";

/** What a leaf is made of: all that its owner knows of it, and its commitment hides. */
export interface LeafContent {
  readonly kind: LeafKind;
  readonly time: number;
  /** Counted for this owner alone, from 0 without gaps. */
  readonly number: number;
  readonly object: Bytes;
}

/** The salt of leaves that are of nobody, because what they commit to is public. */
export const PUBLIC_SALT: Bytes = new Uint8Array(32);

const MARK_BYTES = 16;

/**
 * The leaf of something.
 *
 * Leaks:   to everybody: its kind and time. With the salt: whose it is, and what.
 * Source:  spec/log.md §1; vectors/log-v1.json.
 */
export function logLeaf(salt: Uint8Array, { kind, time, number, object }: LeafContent): LogLeaf {
  const commitment = hmacSha256(salt, encodeTuple("salus/log", kind, object));
  return { kind, time, mark: leafMark(salt, number), commitment: Digest.of(commitment) };
}

/** By which the owner of a salt finds her leaf of some number among all. Source: spec/log.md §1. */
export function leafMark(salt: Uint8Array, number: number): Bytes {
  return hmacSha256(salt, encodeTuple("salus/log/mark", beInteger(number, 8))).slice(0, MARK_BYTES);
}

/** What a `chain` or an `account` leaf commits to: the newest link of an append. */
export function headObject(handle: Uint8Array, { seq, hash }: ChainHead): Bytes {
  return concat(handle, beInteger(seq, 8), hash);
}

/** The head that such an object names, if it is one of this vault or account. */
export function readHeadObject(handle: Uint8Array, object: Bytes): ChainHead | undefined {
  const fits = object.length === handle.length + 8 + 32;
  if (!fits || !equalBytes(object.subarray(0, handle.length), handle)) return undefined;
  const rest = object.slice(handle.length);
  // No chain has 2^48 links, and no more is exact in a double.
  if (rest[0] !== 0 || rest[1] !== 0) return undefined;
  return { seq: readBeInteger(rest.subarray(2, 8)), hash: Digest.of(rest.slice(8)) };
}

/**
 * The nonce of a capability that comes with a trail entry: whoever signs the one says the other.
 *
 * Source:  spec/log.md §2.
 */
export function trailNonce(entry: Uint8Array): Bytes {
  return sha256(entry).slice(0, NONCE_BYTES);
}

const NONCE_BYTES = 16;
