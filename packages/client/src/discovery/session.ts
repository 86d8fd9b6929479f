import { equalBytes, fail, ok, type Result } from "@salus/base";
import type { EvaluationError } from "@salus/crypto";
import { type DirectoryInfo, Element, type SessionId } from "@salus/protocol";
import type { DirectoryCaller } from "../directory/call.ts";
import type { Directory } from "../directory/port.ts";
import type { CloudError } from "../failure.ts";
import type { KeyStore, StoreDamaged } from "../key-store.ts";

/** Somebody who is signed in at a directory, and where she keeps what she has pinned. */
export interface DirectorySession {
  readonly directory: Directory;
  readonly caller: DirectoryCaller & { readonly session: SessionId };
  readonly store: KeyStore;
}

/** What can stop discovery. Told apart by `kind`. */
export type DiscoveryError =
  | CloudError
  | StoreDamaged
  | EvaluationError
  /** Another public key of the oblivious function than the one seen first. */
  | { readonly kind: "server-key-changed" };

const PIN = "evaluation-key";

/**
 * What the directory says of itself, its key of the oblivious function as it was at first sight: under
 * another key every identifier would have another tag, and the directory could tell who is who by it.
 *
 * Fails:   `server-key-changed`; `store-damaged`; any `CloudError`.
 */
export async function pinnedInfo({
  directory,
  store,
}: DirectorySession): Promise<Result<DirectoryInfo, DiscoveryError>> {
  const about = await directory.about();
  if (!about.ok) return about;
  const pinned = await store.read(PIN);
  if (!pinned.ok) return pinned;
  if (pinned.value === undefined) {
    await store.write(PIN, about.value.public);
    return about;
  }
  const key = Element.parse(pinned.value);
  if (!key.ok) return fail({ kind: "store-damaged", name: PIN });
  return equalBytes(key.value, about.value.public)
    ? ok(about.value)
    : fail({ kind: "server-key-changed" });
}
