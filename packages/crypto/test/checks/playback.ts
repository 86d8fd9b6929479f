import { RandomStream } from "../../src/random.ts";
import { hex } from "./check.ts";

/** The draws of a vector, one after the other; more than it has is an error. */
export function playback(draws: readonly string[]): RandomStream {
  const all = hex(draws.join(""));
  let filled = false;
  return new RandomStream(all.length, (out) => {
    if (filled) throw new Error("more was drawn than the vector has");
    filled = true;
    out.set(all);
  });
}
