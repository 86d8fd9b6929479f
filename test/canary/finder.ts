import type { Pattern } from "./encodings.ts";

/** Tells which patterns are in some bytes: each as often as it is there. */
export type Finder = (bytes: Buffer, onFound: (pattern: Pattern) => void) => void;

/** Pairs of bytes that a table is kept for. */
const PAIRS = 1 << 16;

/**
 * Look for all patterns in one pass, for there are some hundred of them and hundreds of megabytes.
 *
 * A window as long as the shortest pattern moves over the bytes. The last two bytes in it say how far
 * it may move before any pattern could begin in it; mostly that is its whole length.
 *
 * Source:  Wu and Manber, A fast algorithm for multi-pattern searching, 1994.
 */
export function finderOf(patterns: readonly Pattern[]): Finder {
  const window = Math.min(...patterns.map(({ bytes }) => bytes.length));
  if (window < 2) throw new Error("a pattern has two bytes at least");
  const steps = new Uint32Array(PAIRS).fill(window - 1);
  const ending = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    for (let at = 0; at < window - 1; at += 1) {
      const pair = pattern.bytes.readUInt16LE(at);
      steps[pair] = Math.min(steps[pair] as number, window - 2 - at);
    }
    const last = pattern.bytes.readUInt16LE(window - 2);
    ending.set(last, [...(ending.get(last) ?? []), pattern]);
  }
  return (bytes, onFound) => {
    for (let at = window - 2; at < bytes.length - 1; ) {
      const pair = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
      const step = steps[pair] as number;
      if (step === 0) {
        const from = at - (window - 2);
        for (const pattern of ending.get(pair) ?? []) {
          if (isAt(bytes, from, pattern.bytes)) onFound(pattern);
        }
      }
      at += step === 0 ? 1 : step;
    }
  };
}

function isAt(bytes: Buffer, from: number, sought: Buffer): boolean {
  for (let at = 0; at < sought.length; at += 1) {
    if (bytes[from + at] !== sought[at]) return false;
  }
  return true;
}
