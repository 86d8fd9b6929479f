import { concat, equalBytes, fail, ok, type Result, utf8 } from "@salus/base";
import { type DirectoryInfo, PASSWORD_COST } from "@salus/protocol";
import type { Directory } from "../directory/port.ts";
import type { KeyStore } from "../key-store.ts";
import type { AccountError } from "./failure.ts";

const PIN = "directory";

/**
 * What the directory says of itself, before anything that depends on a password is sent to it.
 *
 * Its static key and its name are pinned at first sight.
 *
 * Fails:   `kdf-floor`, `server-key-changed`, `store-damaged`, any `CloudError`.
 */
export async function meetDirectory(
  directory: Directory,
  store: KeyStore,
): Promise<Result<DirectoryInfo, AccountError>> {
  const about = await directory.about();
  if (!about.ok) return about;
  const { kdf, opaque, id } = about.value;
  if (kdf.memoryKiB < PASSWORD_COST.memoryKiB || kdf.passes < PASSWORD_COST.passes) {
    return fail({ kind: "kdf-floor" });
  }
  const seen = concat(opaque, utf8(id));
  const pinned = await store.read(PIN);
  if (!pinned.ok) return pinned;
  if (pinned.value === undefined) await store.write(PIN, seen);
  else if (!equalBytes(pinned.value, seen)) return fail({ kind: "server-key-changed" });
  return ok(about.value);
}

/** Whether a password run ended at the directory that was met. Fails: `server-key-changed`. */
export function checkServerKey(
  { opaque }: DirectoryInfo,
  serverKey: Uint8Array,
): Result<void, AccountError> {
  return equalBytes(opaque, serverKey) ? ok(undefined) : fail({ kind: "server-key-changed" });
}
