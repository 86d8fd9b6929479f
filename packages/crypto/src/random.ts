import { assert, type Bytes, equalBytes } from "@salus/base";
import { fillRandom } from "#engine";

/** Asking the system costs about a microsecond whatever the size, so small requests share one. */
const POOL_BYTES = 65_536;

/** Requests of more than this are not served from the pool once it is empty. */
const COPY_MAX = 4096;

/** How far before a position a reader may look: see `RandomStream`. */
const MARGIN = 16;

/** Fills a buffer with fresh random bytes, or throws. */
export type Refill = (out: Bytes) => void;

/**
 * Random bytes that are drawn a few at a time, in order, each given out once.
 *
 * A reader takes a position and reads at `view` itself, because a view of its own for every few
 * bytes would cost more than drawing them. It may read whole words that begin up to `MARGIN` bytes
 * before its position, and must then mask what it did not draw.
 */
export class RandomStream {
  readonly bytes: Bytes;
  readonly view: DataView;
  readonly #refill: Refill;
  #at: number;

  constructor(size: number, refill: Refill) {
    this.bytes = new Uint8Array(MARGIN + size);
    this.view = new DataView(this.bytes.buffer);
    this.#refill = refill;
    this.#at = this.bytes.length;
  }

  /** How many bytes are left before the next refill. */
  get left(): number {
    return this.bytes.length - this.#at;
  }

  /** The position of the next `size` bytes, which are the caller's from now on. */
  take(size: number): number {
    if (this.#at + size > this.bytes.length) {
      assert(MARGIN + size <= this.bytes.length, "a draw fits the stream's buffer");
      this.#refill(this.bytes.subarray(MARGIN));
      this.#at = MARGIN;
    }
    const at = this.#at;
    this.#at += size;
    return at;
  }

  /** Overwrite with the next bytes; what is given out is not left behind here. */
  fill(out: Bytes): void {
    // Refilling costs a microsecond, and copying more than a little costs as much.
    if (out.length > COPY_MAX && out.length > this.left) {
      this.#refill(out);
      return;
    }
    const at = this.take(out.length);
    out.set(this.bytes.subarray(at, at + out.length));
    this.bytes.fill(0, at, at + out.length);
  }
}

/** So many bytes come twice in a row from no generator that works. */
const HEAD_BYTES = 16;

/**
 * Watch a generator: one that is stuck must make no key.
 *
 * Fails:   throws when it begins two fills alike, or gives zeros.
 */
export function watched(fill: Refill): Refill {
  let last: Bytes = new Uint8Array(HEAD_BYTES);
  return (out) => {
    fill(out);
    const head = out.slice(0, HEAD_BYTES);
    const isFresh = head.length < HEAD_BYTES || !equalBytes(head, last);
    assert(isFresh && head.some((byte) => byte !== 0), "the platform gives fresh random bytes");
    if (head.length === HEAD_BYTES) last = head;
  };
}

/** The platform's cryptographic generator: what everything but a test with vectors draws from. */
export const systemRandom: RandomStream = new RandomStream(POOL_BYTES, watched(fillRandom));

/** Fresh bytes from the platform's cryptographic generator. */
export function randomBytes(size: number): Bytes {
  const out = new Uint8Array(size);
  systemRandom.fill(out);
  return out;
}
