import { ok, type Result } from "@salus/base";
import { type Cloud, httpCloud } from "@salus/client";
import type { Failure } from "./words.ts";

/** A cloud that has never answered is not waited for as long as one that is starting again. */
const FIRST_PATIENCE_MS = 2_000;

/**
 * Reach a cloud, and see that it answers at all.
 *
 * Takes:   `totalMs`, how long one is waited for that has answered before; left out, while it may start again.
 * Fails:   `unreachable`, `another-service`, `malformed-answer`.
 */
export async function connect(url: string, totalMs?: number): Promise<Result<Cloud, Failure>> {
  const about = await httpCloud(url, { patience: { totalMs: FIRST_PATIENCE_MS } }).about();
  return about.ok
    ? ok(httpCloud(url, totalMs === undefined ? {} : { patience: { totalMs } }))
    : about;
}
