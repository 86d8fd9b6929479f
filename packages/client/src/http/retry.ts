import type { Result } from "@salus/base";
import type { CloudError } from "../failure.ts";
import { freshBytes } from "../random.ts";

/** How long to go on asking somebody who does not answer. */
export interface Patience {
  /** No new attempt begins after this many milliseconds. */
  readonly totalMs: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

export const PATIENCE: Patience = { totalMs: 30_000, firstWaitMs: 100, longestWaitMs: 5_000 };

/** One attempt: what it gave, and how long the other side asks to wait before the next. */
export interface Attempt<T> {
  readonly result: Result<T, CloudError>;
  readonly waitMs?: number;
}

/**
 * Repeat what may be repeated until it is answered, waiting longer each time, by a random part, so
 * that many clients that lost one cloud do not all come back at once.
 *
 * Takes:   `attempt`, something that does no more when done twice.
 */
export async function persist<T>(
  attempt: () => Promise<Attempt<T>>,
  patience: Patience,
): Promise<Result<T, CloudError>> {
  const until = Date.now() + patience.totalMs;
  for (let wait = patience.firstWaitMs; ; wait = Math.min(2 * wait, patience.longestWaitMs)) {
    const { result, waitMs = 0 } = await attempt();
    if (result.ok || !isPassing(result.error)) return result;
    const pause = Math.max(waitMs, wait * randomShare());
    if (Date.now() + pause > until) return result;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Whether the same request may be answered later. */
function isPassing(error: CloudError): boolean {
  if (error.kind === "unreachable") return true;
  // A day's quota is of the same status as too many at a time, and passes tomorrow.
  return error.kind === "refused" && (error.status === 503 || error.problem === "too-many");
}

/** Between a half and one. */
function randomShare(): number {
  const [byte = 0] = freshBytes(1);
  return 0.5 + byte / 512;
}
