import { assert, type Result } from "@salus/base";
import { blindIdentifiers, type HolderAnswer } from "@salus/crypto";
import { DISCOVERY, type Identifier, type IdentifierTag } from "@salus/protocol";
import { type DirectorySession, type DiscoveryError, pinnedInfo } from "./session.ts";

/**
 * The tags of identifiers, of which nobody who helps to make them learns anything.
 *
 * Takes:   at most four identifiers.
 * Leaks:   to the directory: that somebody in this session makes so many tags.
 * Fails:   any `DiscoveryError`. `too-few-holders` also when more are needed than this directory: no
 *          other is asked by this release.
 * Cost:    8 ms in Node for one, most of it for the proof, and two round trips.
 * Source:  spec/discovery.md §2.
 */
export async function tagsOf(
  session: DirectorySession,
  identifiers: readonly Identifier[],
): Promise<Result<readonly IdentifierTag[], DiscoveryError>> {
  assert(identifiers.length <= DISCOVERY.elements, "so many elements fit one request");
  const info = await pinnedInfo(session);
  if (!info.ok) return info;
  const blinded = blindIdentifiers(identifiers);
  const answers: HolderAnswer[] = [];
  for (const { index, url } of info.value.holders) {
    if (url !== "" || answers.length === info.value.threshold) continue;
    const { elements } = blinded;
    const evaluated = await session.directory.evaluate(session.caller, { elements });
    if (!evaluated.ok) return evaluated;
    answers.push({ index, evaluated: evaluated.value });
  }
  return blinded.finish(info.value, answers);
}
