import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import type { Asked } from "../http/exchange.ts";
import { allowOnly } from "../http/query.ts";
import { type Outcome, outcomeOfWorldError, refusal } from "../outcome.ts";
import { isPart } from "../search/projection.ts";
import type { Desk } from "./desk.ts";
import { expectedOf, NONE } from "./expectation.ts";
import { theOne } from "./matching.ts";
import { applyPatch } from "./patch.ts";
import { resourceOf, versionOf } from "./resource-body.ts";
import { standing, unknown } from "./standing.ts";

/** A write that knows where it goes: every id and condition is settled, nothing is stored. */
export type Placed =
  | {
      readonly kind: "put";
      readonly type: string;
      readonly id: string;
      readonly expects: string | undefined;
      readonly resource: Resource;
    }
  | {
      readonly kind: "delete";
      readonly type: string;
      readonly id: string;
      readonly expects: string | undefined;
    }
  /** A conditional create found that it stands there already. */
  | {
      readonly kind: "found";
      readonly type: string;
      readonly id: string;
      readonly resource: Resource;
    }
  /** There is nothing to delete. */
  | { readonly kind: "absent" };

type Placing = Promise<Result<Placed, Outcome>>;

/** Whether a write searches before it knows where it goes, so that no other may do so meanwhile. */
export function looksFirst({ method, target, conditions }: Asked): boolean {
  if (target.kind !== "type") return false;
  return method !== "POST" || conditions.ifNoneExist !== undefined;
}

/** Settle where a write goes. Fails: 400, 404, 412, 415, as R4 has it. */
export async function place(desk: Desk, asked: Asked): Placing {
  const { target, method } = asked;
  if (target.kind === "type") {
    if (method === "POST") return placeCreate(desk, asked, target.type);
    return placeByCondition(desk, asked, target.type);
  }
  if (target.kind !== "instance")
    return fail(refusal(405, "not-supported", "Nothing is written here."));
  const allowed = allowOnly(asked.query, [], asked.preferences);
  if (!allowed.ok) return allowed;
  if (method === "PUT") return placeUpdate(desk, asked, target);
  if (method === "PATCH") return placePatch(desk, asked, target);
  if (method === "DELETE") return placeDelete(desk, asked, target);
  return fail(refusal(405, "not-supported", "Nothing is written here."));
}

async function placeCreate(desk: Desk, asked: Asked, type: string): Placing {
  const allowed = allowOnly(asked.query, [], asked.preferences);
  if (!allowed.ok) return allowed;
  const resource = resourceOf(asked.body, type);
  if (!resource.ok) return resource;
  const { ifNoneExist } = asked.conditions;
  if (ifNoneExist !== undefined) {
    const found = await theOne(desk, type, { written: ifNoneExist, parameter: "If-None-Exist" });
    if (!found.ok) return found;
    if (found.value !== undefined) {
      return ok({ kind: "found", type, id: found.value.id ?? "", resource: found.value });
    }
  }
  return ok(putNew(resource.value));
}

/** A resource under an id of its own, which nobody has chosen before. */
function putNew(resource: Resource, id: string = randomUUID()): Placed {
  const type = resource.resourceType;
  return { kind: "put", type, id, expects: NONE, resource: { ...resource, id } };
}

interface Name {
  readonly type: string;
  readonly id: string;
}

async function placeUpdate(desk: Desk, asked: Asked, name: Name): Placing {
  const { type, id } = name;
  const resource = resourceOf(asked.body, type);
  if (!resource.ok) return resource;
  if (resource.value.id !== id) {
    const says = `The id is not the one that the address names.`;
    return fail(refusal(400, "value", says, { expression: [`${type}.id`] }));
  }
  if (isPart(resource.value)) {
    const says =
      "This is a part of a resource, as its tag says, and would take the place of it all.";
    return fail(refusal(422, "business-rule", says, { expression: [`${type}.meta.tag`] }));
  }
  const expects = await expectedOf(desk, asked.conditions, name);
  if (!expects.ok) return expects;
  return ok({ kind: "put", type, id, expects: expects.value, resource: resource.value });
}

async function placePatch(desk: Desk, asked: Asked, name: Name): Placing {
  const { type, id } = name;
  const expects = await expectedOf(desk, asked.conditions, name);
  if (!expects.ok) return expects;
  const found = await standing(desk.world, type, id);
  if (!found.ok) return found;
  if (asked.body.kind === "none") {
    return fail(refusal(400, "required", "A patch is missing.", { expression: ["Patch"] }));
  }
  if (asked.body.kind !== "json-patch") {
    return fail(refusal(415, "not-supported", "A patch is sent as application/json-patch+json."));
  }
  const patched = applyPatch(found.value.resource, asked.body.value);
  if (!patched.ok) return patched;
  // What was patched is the version that was read, and no other.
  const stands = versionOf(found.value.resource).versionId;
  return ok({ kind: "put", type, id, expects: expects.value ?? stands, resource: patched.value });
}

async function placeDelete(desk: Desk, asked: Asked, name: Name): Placing {
  const { type, id } = name;
  const expects = await expectedOf(desk, asked.conditions, name);
  if (!expects.ok) return expects;
  const read = await desk.world.read(type, id);
  if (!read.ok) return fail(outcomeOfWorldError(read.error));
  const stands = read.value !== undefined && read.value !== "gone";
  if (stands) return ok({ kind: "delete", type, id, expects: expects.value });
  // To delete what is not there is to have it deleted, but not at a version that it never had.
  if (expects.value === undefined || expects.value === NONE) return ok({ kind: "absent" });
  return fail(
    refusal(412, "conflict", `There is no ${type} of this id.`, { parameter: "If-Match" }),
  );
}

/** `PUT`, `PATCH` and `DELETE` of what a search names. */
async function placeByCondition(desk: Desk, asked: Asked, type: string): Placing {
  const { method, query, conditions, body } = asked;
  // A body that cannot be meant is refused before anything is searched for.
  const resource = method === "PUT" ? resourceOf(body, type) : undefined;
  if (resource?.ok === false) return resource;
  const found = await theOne(desk, type, { written: query.text });
  if (!found.ok) return found;
  if (found.value !== undefined) {
    const name = { type, id: found.value.id ?? "" };
    const at = conditions.ifMatch ?? [versionOf(found.value).versionId];
    const held = { ...asked, conditions: { ...conditions, ifMatch: at } };
    if (method === "DELETE") return placeDelete(desk, held, name);
    if (method === "PATCH") return placePatch(desk, held, name);
    return placeFoundUpdate(desk, held, name);
  }
  if (method === "DELETE") return ok({ kind: "absent" });
  if (resource === undefined) return fail(unknown(type));
  if (conditions.ifMatch !== undefined) {
    const says = `No ${type} meets the condition.`;
    return fail(refusal(412, "conflict", says, { parameter: "If-Match" }));
  }
  return ok(putNew(resource.value, resource.value.id));
}

/** An update of the one that was found: its id may be left out, and be no other. */
function placeFoundUpdate(desk: Desk, asked: Asked, name: Name): Placing {
  const resource = resourceOf(asked.body, name.type);
  if (!resource.ok) return Promise.resolve(resource);
  const value = { ...resource.value, id: resource.value.id ?? name.id };
  return placeUpdate(desk, { ...asked, body: { kind: "resource", value } }, name);
}
