import { fail, ok, type Result } from "@salus/base";
import type { Cloud, KeyStore } from "@salus/client";
import type { Failure } from "../words.ts";

const CLOUD = "cloud";

/**
 * Hold a folder to the cloud at which its first vault was made: half of it at another one would be found
 * by no command.
 *
 * Takes:   `store`, of the folder.
 * Fails:   `another-cloud`; `unreachable`, `malformed-answer`, `store-damaged`.
 */
export async function holdToCloud(store: KeyStore, cloud: Cloud): Promise<Result<void, Failure>> {
  const about = await cloud.about();
  if (!about.ok) return about;
  const known = await store.read(CLOUD);
  if (!known.ok) return known;
  const { id } = about.value;
  if (known.value === undefined) await store.write(CLOUD, new TextEncoder().encode(id));
  else if (new TextDecoder().decode(known.value) !== id) return fail({ kind: "another-cloud" });
  return ok(undefined);
}
