import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { applyPatch as applyOperations, type Operation } from "rfc6902";
import { type IssueCode, type Outcome, refusal } from "../outcome.ts";
import { isObject } from "./resource-body.ts";

const OPERATIONS_MAX = 1_000;
/** What copies may add, in characters of JSON: each can double a resource. */
const COPIED_MAX = 8 * 1024 * 1024;

const NEEDS: Readonly<Record<string, readonly string[]>> = {
  add: ["value"],
  remove: [],
  replace: ["value"],
  move: ["from"],
  copy: ["from"],
  test: ["value"],
};

interface Step {
  readonly op: string;
  readonly path: readonly string[];
  readonly from: readonly string[] | undefined;
  readonly written: Operation;
}

/**
 * Apply a JSON Patch to a resource, in a copy.
 *
 * Fails:   400 for what is no patch; 422 for an operation that does not fit what stands there, a `test` that fails, and a
 *          result that is another resource. The operation is named by its number, and its element.
 * Source:  RFC 6902; R4 http §3.1.0.6.
 */
export function applyPatch(resource: Resource, patch: unknown): Result<Resource, Outcome> {
  if (!Array.isArray(patch)) {
    return fail(refusal(400, "structure", "A JSON Patch is an array of operations."));
  }
  if (patch.length > OPERATIONS_MAX) {
    return fail(refusal(400, "too-long", `A patch has at most ${OPERATIONS_MAX} operations.`));
  }
  const document = structuredClone(resource) as Record<string, unknown>;
  let copied = 0;
  for (const [index, written] of patch.entries()) {
    const step = readStep(written);
    if (typeof step === "string") return fail(misfit(resource, index, 400, step));
    const obstacle = obstacleOf(document, step);
    if (obstacle !== undefined) return fail(misfit(resource, index, 422, obstacle, step.path));
    if (step.op === "copy") copied += JSON.stringify(valueAt(document, step.from ?? [])).length;
    if (copied > COPIED_MAX) {
      return fail(misfit(resource, index, 422, "too much is copied", step.path));
    }
    if (!applies(document, step.written)) {
      const says = step.op === "test" ? "what stands there is another value" : "it does not fit";
      return fail(misfit(resource, index, 422, says, step.path));
    }
  }
  return sameResource(resource, document);
}

/** An operation that has all it needs, or what is wrong with it. */
function readStep(written: unknown): Step | string {
  if (!isObject(written)) return "an operation is an object";
  const { op, path, from } = written;
  const needs = typeof op === "string" && Object.hasOwn(NEEDS, op) ? NEEDS[op] : undefined;
  if (typeof op !== "string" || needs === undefined) return "op is none of JSON Patch";
  const missing = needs.find((name) => !Object.hasOwn(written, name));
  if (missing !== undefined) return `${missing} is missing`;
  const to = tokensOf(path);
  if (to === undefined) return "path is no JSON Pointer";
  const source = needs.includes("from") ? tokensOf(from) : undefined;
  if (needs.includes("from") && source === undefined) return "from is no JSON Pointer";
  return { op, path: to, from: source, written: written as unknown as Operation };
}

function tokensOf(pointer: unknown): readonly string[] | undefined {
  if (typeof pointer !== "string" || !/^(?:\/(?:[^~/]|~[01])*)*$/.test(pointer)) return undefined;
  const tokens = pointer.split("/").slice(1);
  return tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/**
 * Why an operation cannot be applied to what stands there.
 *
 * The library takes what every object inherits for members of it, so that `/toString` would stand everywhere; here only
 * what the resource has itself counts.
 */
function obstacleOf(document: unknown, { op, path, from }: Step): string | undefined {
  if (path.length === 0) return "the resource as a whole is replaced by an update";
  if (from !== undefined && valueAt(document, from) === undefined) return "nothing stands at from";
  const last = path.at(-1) ?? "";
  if (last === "__proto__") return "no element has this name";
  const parent = valueAt(document, path.slice(0, -1));
  if (typeof parent !== "object" || parent === null) return "nothing stands above it";
  if (op === "add" || op === "move" || op === "copy") {
    const fits = !Array.isArray(parent) || last === "-" || isIndex(last, parent.length + 1);
    return fits ? undefined : "this is no place of the array";
  }
  return valueAt(parent, [last]) === undefined ? "nothing stands there" : undefined;
}

function valueAt(document: unknown, tokens: readonly string[]): unknown {
  let value = document;
  for (const token of tokens) {
    if (typeof value !== "object" || value === null) return undefined;
    if (Array.isArray(value) ? !isIndex(token, value.length) : !Object.hasOwn(value, token)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[token];
  }
  return value;
}

const isIndex = (token: string, below: number): boolean =>
  /^(?:0|[1-9]\d{0,8})$/.test(token) && Number(token) < below;

function applies(document: unknown, operation: Operation): boolean {
  try {
    return applyOperations(document, [operation])[0] === null;
  } catch {
    return false;
  }
}

function sameResource(
  { resourceType, id }: Resource,
  patched: Readonly<Record<string, unknown>>,
): Result<Resource, Outcome> {
  const about = (name: string): { readonly expression: readonly string[] } => ({
    expression: [`${resourceType}.${name}`],
  });
  if (patched.resourceType !== resourceType) {
    const says = "A patch does not change the type.";
    return fail(refusal(422, "business-rule", says, about("resourceType")));
  }
  if (patched.id !== id) {
    return fail(refusal(422, "business-rule", "A patch does not change the id.", about("id")));
  }
  if (patched.meta !== undefined && !isObject(patched.meta)) {
    return fail(refusal(422, "structure", "Meta is an object.", about("meta")));
  }
  return ok(patched as unknown as Resource);
}

function misfit(
  { resourceType }: Resource,
  index: number,
  status: 400 | 422,
  says: string,
  path: readonly string[] = [],
): Outcome {
  const code: IssueCode = status === 400 ? "structure" : "processing";
  const expression = [elementAt(resourceType, path)];
  return refusal(status, code, `Operation ${index} of the patch: ${says}.`, { expression });
}

/** A pointer as FHIRPath, as far as its tokens can be elements. */
function elementAt(type: string, path: readonly string[]): string {
  let place = type;
  for (const token of path) {
    if (/^\d{1,9}$/.test(token)) place += `[${token}]`;
    else if (/^[A-Za-z_]\w{0,63}$/.test(token)) place += `.${token}`;
    else break;
  }
  return place;
}
