import { setImmediate as turn } from "node:timers/promises";
import type { Answered } from "@salus/testkit/asker";

/**
 * How long a service in this process worked on a request, by its own clock: from the request's first
 * byte to the answer's last. One request is made at a time.
 *
 * Takes:   `log`, every line that the service writes.
 * Gives:   the answer, and milliseconds to a tenth.
 */
export async function serverTime(
  { log }: { readonly log: readonly string[] },
  ask: () => Promise<Answered>,
): Promise<{ readonly answered: Answered; readonly ms: number }> {
  const from = log.length;
  const answered = await ask();
  for (;;) {
    const line = log.slice(from).find((text) => text.includes('"milliseconds"'));
    if (line === undefined) {
      await turn(); // The line is written when the answer has left.
      continue;
    }
    const { milliseconds } = JSON.parse(line) as { readonly milliseconds: number };
    return { answered, ms: milliseconds };
  }
}
