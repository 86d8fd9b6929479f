import type { Cloud } from "@salus/client";
import { readSigned } from "@salus/evaluate";
import { must } from "@salus/testkit";

/** How long a log is, by its checkpoint. */
const sizeOf = async (at: Cloud): Promise<number> =>
  must(readSigned("checkpoint", must(await at.checkpoint()).checkpoint)).unverified.size;

/** Wait until a log is longer than it was, and for as long as its sequencer takes to come by no more. */
export async function grown(at: Cloud, before: number): Promise<void> {
  for (let seen = before; ; ) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const size = await sizeOf(at);
    if (size > before && size === seen) return;
    seen = size;
  }
}

/** Do something that a log notes, and wait until it has. */
export async function growing(at: Cloud, act: () => Promise<unknown>): Promise<void> {
  const before = await sizeOf(at);
  await act();
  await grown(at, before);
}
