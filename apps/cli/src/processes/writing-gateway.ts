import { setTimeout as pause } from "node:timers/promises";
import { fail, ok, type Result } from "@salus/base";
import { type Cloud, httpDirectory, Registry, WritingDesk } from "@salus/client";
import type { Source } from "@salus/client/writer";
import { VerifyKey } from "@salus/protocol";
import type { Failure } from "../words.ts";

/** Where a gateway looks for what its practitioners write. */
export interface WritingGatewayOptions {
  readonly source: Source;
  readonly cloud: Cloud;
  readonly directory: string;
  /** Keys of registry authorities, in hexadecimal. */
  readonly authorities: readonly string[];
}

/** So often it looks: who writes waits for it. */
const LOOK_MS = 2_000;
const PATIENCE_MS = 10_000;

/**
 * Store what an organisation's practitioners write, until it is asked to stop.
 *
 * Takes:   `say`, told what was stored and what was refused.
 * Fails:   `usage` for keys that are none; any `CloudError` of the registry. What fails later is tried again.
 */
export async function storeWritings(
  { source, cloud, directory, authorities }: WritingGatewayOptions,
  say: (said: object) => void,
  signal: AbortSignal,
): Promise<Result<void, Failure>> {
  const keys: VerifyKey[] = [];
  for (const text of authorities) {
    const key = VerifyKey.fromHex(text);
    if (!key.ok) return fail({ kind: "usage", what: "that is no authority's key" });
    keys.push(key.value);
  }
  const registry = await Registry.load({ cloud, authorities: keys });
  if (!registry.ok) return registry;
  const desk = new WritingDesk({
    source,
    directory: httpDirectory(directory),
    registry: registry.value,
  });
  while (!signal.aborted) {
    const taken = await desk.collect();
    if (!taken.ok) say({ failed: taken.error.kind });
    else if (taken.value.stored + taken.value.refused.length > 0) say(taken.value);
    // To stop is no error of it.
    await pause(taken.ok ? LOOK_MS : PATIENCE_MS, undefined, { signal }).catch(() => undefined);
  }
  return ok(undefined);
}
