import { fail, ok } from "@salus/base";
import { type Conditions, names } from "../http/conditions.ts";
import type { AnsweredVersion, Answering, Asked } from "../http/exchange.ts";
import { outcomeOfWorldError, refusal } from "../outcome.ts";
import { project } from "../search/index.ts";
import type { Desk } from "./desk.ts";
import { readProjection } from "./projection.ts";
import { versionOf } from "./resource-body.ts";
import { deleted, standing } from "./standing.ts";

/** `GET [type]/[id]` */
export async function read(desk: Desk, asked: Asked, type: string, id: string): Answering {
  const shown = readProjection(asked);
  if (!shown.ok) return shown;
  const found = await standing(desk.world, type, id);
  if (!found.ok) return found;
  const { resource } = found.value;
  const version = versionOf(resource);
  if (isUnchanged(asked.conditions, version)) return ok({ status: 304, body: undefined, version });
  return ok({ status: 200, body: project(resource, shown.value), version });
}

/** `GET [type]/[id]/_history/[vid]` */
export async function readVersion(
  desk: Desk,
  asked: Asked,
  {
    type,
    id,
    versionId,
  }: { readonly type: string; readonly id: string; readonly versionId: string },
): Answering {
  const shown = readProjection(asked);
  if (!shown.ok) return shown;
  const history = await desk.world.history(type, id);
  if (!history.ok) return fail(outcomeOfWorldError(history.error));
  const found = history.value.find((version) => version.versionId === versionId);
  if (found === undefined) {
    const says = `There is no such version of this ${type}.`;
    return fail(refusal(404, "not-found", says, { expression: [`${type}.meta.versionId`] }));
  }
  if (found.resource === undefined) return fail(deleted(type));
  const version = { type, id, versionId, at: found.at };
  if (isUnchanged(asked.conditions, version)) return ok({ status: 304, body: undefined, version });
  return ok({ status: 200, body: project(found.resource, shown.value), version });
}

/** Whether whoever asks has this version already. `If-None-Match` goes first (RFC 9110 §13.2.2). */
function isUnchanged(
  { ifNoneMatch, ifModifiedSince }: Conditions,
  { versionId, at }: AnsweredVersion,
): boolean {
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, versionId);
  // Headers have whole seconds.
  return ifModifiedSince !== undefined && Math.floor(at / 1000) * 1000 <= ifModifiedSince;
}
