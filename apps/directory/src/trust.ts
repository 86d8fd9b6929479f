import type { TrustPolicy } from "@salus/evaluate";
import { VerifyKey } from "@salus/protocol";
import { StartFailure } from "@salus/service";

/**
 * Whom a directory believes about practitioners, as its environment says.
 *
 * Takes:   `AUTHORITIES`: keys in hexadecimal, separated by commas, each of which certifies
 *          organisations and attests physicians; `AUTHORITIES_NEEDED`: so many must attest, 1 if left out.
 * Gives:   nothing without any: then no look-up is answered.
 * Fails:   `bad-option`, as a `StartFailure`.
 */
export function trustOf(env: NodeJS.ProcessEnv): TrustPolicy | undefined {
  const texts = (env.AUTHORITIES ?? "").split(",").filter((text) => text.trim() !== "");
  if (texts.length === 0) return undefined;
  const authorities = texts.map((text) => {
    const key = VerifyKey.fromHex(text.trim());
    if (key.ok) return key.value;
    throw new StartFailure("bad-option", "AUTHORITIES are keys of 64 hexadecimal digits");
  });
  const threshold = Number(env.AUTHORITIES_NEEDED || 1);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > authorities.length) {
    throw new StartFailure("bad-option", "AUTHORITIES_NEEDED is a number of authorities");
  }
  return { registries: authorities, authorities, threshold };
}
