import type { TrustPolicy } from "@salus/evaluate";
import { VerifyKey } from "@salus/protocol";
import { type Given, StartFailure } from "@salus/service";

/** The options by which a directory is told whom it believes, and what they mean. */
export const TRUST_OPTIONS = {
  authority: "whom it believes about practitioners: a key, as `salus org authority` prints it",
  "authorities-needed": "so many of them must attest a physician; 1 when left out",
} as const;

/**
 * Whom a directory believes about practitioners, as its command line and its environment say.
 *
 * Takes:   `AUTHORITIES`: keys in hexadecimal, separated by commas, each of which certifies
 *          organisations and attests physicians; `AUTHORITIES_NEEDED`: so many must attest, 1 if left out.
 *          `--authority` and `--authorities-needed`, in their place.
 * Gives:   nothing without any: then no look-up is answered.
 * Fails:   `bad-option`, as a `StartFailure`.
 */
export function trustOf(env: NodeJS.ProcessEnv, given: Given = {}): TrustPolicy | undefined {
  const named = given.authority ?? [];
  const texts = (named.length > 0 ? named : (env.AUTHORITIES ?? "").split(",")).filter(
    (text) => text.trim() !== "",
  );
  if (texts.length === 0) return undefined;
  const authorities = texts.map((text) => {
    const key = VerifyKey.fromHex(text.trim());
    if (key.ok) return key.value;
    throw new StartFailure(
      "bad-option",
      "AUTHORITIES and --authority are keys of 64 hexadecimal digits",
    );
  });
  const needed = given["authorities-needed"]?.at(-1);
  const threshold = Number(needed ?? (env.AUTHORITIES_NEEDED || 1));
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > authorities.length) {
    throw new StartFailure(
      "bad-option",
      "AUTHORITIES_NEEDED and --authorities-needed are a number of authorities",
    );
  }
  return { registries: authorities, authorities, threshold };
}
