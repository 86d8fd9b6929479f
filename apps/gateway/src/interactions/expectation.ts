import { fail, ok, type Result } from "@salus/base";
import { type Conditions, names } from "../http/conditions.ts";
import { type Outcome, outcomeOfWorldError, refusal } from "../outcome.ts";
import type { Desk } from "./desk.ts";
import { versionOf } from "./resource-body.ts";

/** The version of what stands nowhere. */
export const NONE = "0";

/**
 * Which version a write may replace, by `If-Match` and `If-None-Match`.
 *
 * One version that is named is left to the commit to compare: what is read here could be another when that happens.
 *
 * Gives:   `"0"` where nothing may stand there, nothing where anything may.
 * Fails:   412.
 */
export async function expectedOf(
  desk: Desk,
  { ifMatch, ifNoneMatch }: Conditions,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<Result<string | undefined, Outcome>> {
  const versions = ifMatch === "*" ? ifMatch : ifMatch?.filter((version) => version !== NONE);
  if (versions?.length === 0) {
    return fail(
      refusal(412, "conflict", "No resource has a version 0.", { parameter: "If-Match" }),
    );
  }
  if (ifNoneMatch === undefined) {
    if (versions === undefined) return ok(undefined);
    if (versions !== "*" && versions.length === 1) return ok(versions[0]);
  }
  const read = await desk.world.read(type, id);
  if (!read.ok) return fail(outcomeOfWorldError(read.error));
  const stands = read.value === undefined || read.value === "gone" ? undefined : read.value;
  const versionId = stands === undefined ? NONE : versionOf(stands.resource).versionId;
  if (versions !== undefined && (stands === undefined || !names(versions, versionId))) {
    return fail(mismatch(type, versionId, "If-Match"));
  }
  if (ifNoneMatch !== undefined && stands !== undefined && names(ifNoneMatch, versionId)) {
    return fail(mismatch(type, versionId, "If-None-Match"));
  }
  return ok(versionId);
}

function mismatch(type: string, versionId: string, parameter: string): Outcome {
  const none = versionId === NONE;
  const says = none
    ? `There is no ${type} of this id.`
    : `The ${type} stands at version ${versionId}.`;
  return refusal(412, "conflict", says, { parameter });
}
