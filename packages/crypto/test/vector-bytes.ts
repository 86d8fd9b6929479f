import { type Bytes, fromHex } from "@salus/base";
import { RandomStream } from "../src/random.ts";

/** The bytes that a vector writes in hexadecimal. */
export function bytes(hexadecimal: string): Bytes {
  const result = fromHex(hexadecimal);
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
}

/** A stream that gives the draws of a vector, one after the other, and then refuses. */
export function playback(draws: readonly string[]): { stream: RandomStream; left: () => number } {
  const all = bytes(draws.join(""));
  let filled = false;
  const stream = new RandomStream(all.length, (out) => {
    if (filled) throw new Error("more was drawn than the vector has");
    filled = true;
    out.set(all);
  });
  return { stream, left: () => stream.left };
}
