import { assert } from "@salus/base";
import { splitCredential } from "@salus/protocol";

/**
 * What of a passkey's answer the directory may see: all but the output of `prf`, which is a key.
 *
 * Takes:   the JSON of `PublicKeyCredential.toJSON()`; anything else is a bug of the caller.
 * Source:  spec/accounts.md §2.
 */
export function shownCredential(json: string): string {
  const split = splitCredential(json);
  assert(split.ok, "a platform's credential has the form of one");
  return split.value.shown;
}
