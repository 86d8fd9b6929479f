import { beInteger, concat, fail, ok, type Result, readBeInteger, toHex } from "@salus/base";
import { named } from "@salus/evaluate";
import { Digest, type SourceHandle } from "@salus/protocol";
import type { Cloud } from "../cloud/port.ts";
import type { ClientError } from "../failure.ts";
import type { KeyStore } from "../key-store.ts";
import { followBatches } from "../vault/batches.ts";
import type { BatchHead } from "../vault/pins.ts";
import type { Access } from "./access.ts";

const HEAD_BYTES = 6 + 32;
const SCOPE_BYTES = 16;

/**
 * The scopes below an organisation that have entries, as its signed batches have introduced them: a
 * question must name no scope that does not exist, and a department has one for each category that it
 * ever wrote.
 *
 * What was read is kept, so that later only new batches are.
 *
 * Gives:   handles, as hexadecimal.
 * Fails:   `rollback`, `unknown-source`, any `CloudError`, `store-damaged`.
 */
export async function introducedScopes(
  cloud: Cloud,
  store: KeyStore,
  access: Access,
  handle: SourceHandle,
): Promise<Result<ReadonlySet<string>, ClientError>> {
  const { vault, caller, chain } = access;
  const source = named(chain.sources, handle);
  if (source === undefined) return fail({ kind: "unknown-source", source: handle });
  const name = `scopes/${toHex(vault)}/${toHex(handle)}`;
  const stored = await store.read(name);
  if (!stored.ok) return stored;
  const file = stored.value ?? new Uint8Array(0);
  if (
    file.length > 0 &&
    (file.length < HEAD_BYTES || (file.length - HEAD_BYTES) % SCOPE_BYTES > 0)
  ) {
    return fail({ kind: "store-damaged", name });
  }
  let head: BatchHead | undefined;
  if (file.length > 0) {
    const number = readBeInteger(file.subarray(0, 6));
    head = { number, hash: Digest.of(file.slice(6, HEAD_BYTES)) };
  }
  const before = head;
  const scopes = new Map<string, Uint8Array>();
  for (let at = HEAD_BYTES; at < file.length; at += SCOPE_BYTES) {
    const scope = file.slice(at, at + SCOPE_BYTES);
    scopes.set(toHex(scope), scope);
  }
  for await (const batch of followBatches({ cloud, caller, vault, source }, head)) {
    if (!batch.ok) return batch;
    for (const scope of batch.value.statement.scopes) scopes.set(toHex(scope), scope);
    head = batch.value.head;
  }
  if (head !== undefined && head !== before) {
    await store.write(name, concat(beInteger(head.number, 6), head.hash, ...scopes.values()));
  }
  return ok(new Set(scopes.keys()));
}
