import { fail, ok, type Result } from "@salus/base";
import { RESOURCE_TYPES } from "@salus/health";
import { type Outcome, refusal } from "../outcome.ts";

/** What an address below the FHIR base names. */
export type Target =
  | { readonly kind: "system" }
  | { readonly kind: "metadata" }
  | { readonly kind: "system-search" }
  | { readonly kind: "system-history" }
  | { readonly kind: "type"; readonly type: string }
  | { readonly kind: "type-search"; readonly type: string }
  | { readonly kind: "type-history"; readonly type: string }
  | { readonly kind: "instance"; readonly type: string; readonly id: string }
  | { readonly kind: "instance-history"; readonly type: string; readonly id: string }
  | {
      readonly kind: "version";
      readonly type: string;
      readonly id: string;
      readonly versionId: string;
    }
  /** `path` as searches name it: `Patient/p1/Observation`. */
  | { readonly kind: "compartment"; readonly path: string; readonly form: boolean }
  | {
      readonly kind: "operation";
      /** With its dollar sign. */
      readonly name: string;
      readonly type: string | undefined;
      readonly id: string | undefined;
    };

/** The types that R4 has for what is passed and not kept. */
const PASSING: ReadonlySet<string> = new Set(["Parameters", "OperationOutcome"]);

/** The types of resources that can stand here. */
export const STORED_TYPES: readonly string[] = RESOURCE_TYPES.map(({ type }) => type)
  .filter((type) => !PASSING.has(type))
  .sort();

const STORED: ReadonlySet<string> = new Set(STORED_TYPES);

export const isStoredType = (type: unknown): type is string =>
  typeof type === "string" && STORED.has(type);

const ID = /^[A-Za-z0-9.-]{1,64}$/;

/** Whether a text can be an id. Source: R4 datatypes, id. */
export const isId = (text: unknown): text is string => typeof text === "string" && ID.test(text);

/** How an address is written in a log: what kind of place it is, and nothing of what stands there. */
export function patternOf(target: Target): string {
  switch (target.kind) {
    case "system":
      return "/";
    case "metadata":
      return "/metadata";
    case "system-search":
      return "/_search";
    case "system-history":
      return "/_history";
    case "type":
      return "/[type]";
    case "type-search":
      return "/[type]/_search";
    case "type-history":
      return "/[type]/_history";
    case "instance":
      return "/[type]/[id]";
    case "instance-history":
      return "/[type]/[id]/_history";
    case "version":
      return "/[type]/[id]/_history/[vid]";
    case "compartment":
      return "/Patient/[id]/[type]";
    case "operation":
      return `${target.type ? "/[type]" : ""}${target.id ? "/[id]" : ""}/$operation`;
  }
}

/**
 * Read an address below the base, without its query: `Patient/p1/_history/3`.
 *
 * Fails:   404 for a type that R4 has not and for a path of another form; 400 for an id that can be none.
 */
export function readAddress(path: string): Result<Target, Outcome> {
  const decoded = decode(path);
  if (decoded === undefined) {
    return fail(refusal(400, "invalid", "The address is not percent-encoded UTF-8."));
  }
  const parts = decoded.split("/");
  if (parts[0] === "") parts.shift();
  if (parts.at(-1) === "") parts.pop();
  const [first, second, third, fourth] = parts;
  if (first === undefined) return ok({ kind: "system" });
  if (parts.length > 4) return nowhere();
  if (parts.length === 1) {
    if (first === "metadata") return ok({ kind: "metadata" });
    if (first === "_search") return ok({ kind: "system-search" });
    if (first === "_history") return ok({ kind: "system-history" });
    if (isOperation(first)) return operation(first, undefined, undefined);
  }
  if (!/^[A-Za-z]+$/.test(first)) return nowhere();
  // `$validate` and the like may be asked of any type; only those that stand here can be named at all.
  if (!STORED.has(first)) {
    return fail(refusal(404, "not-supported", "There are no resources of this type here."));
  }
  if (second === undefined) return ok({ kind: "type", type: first });
  if (parts.length === 2) {
    if (second === "_search") return ok({ kind: "type-search", type: first });
    if (second === "_history") return ok({ kind: "type-history", type: first });
    if (isOperation(second)) return operation(second, first, undefined);
  }
  if (!isId(second)) return fail(badId(`${first}.id`));
  return below(first, second, third, fourth);
}

/** What stands below an instance. */
function below(
  type: string,
  id: string,
  third: string | undefined,
  fourth: string | undefined,
): Result<Target, Outcome> {
  if (third === undefined) return ok({ kind: "instance", type, id });
  if (third === "_history") {
    if (fourth === undefined) return ok({ kind: "instance-history", type, id });
    if (!isId(fourth)) return fail(badId(`${type}.meta.versionId`));
    return ok({ kind: "version", type, id, versionId: fourth });
  }
  if (isOperation(third)) return fourth === undefined ? operation(third, type, id) : nowhere();
  if (third !== "*" && !STORED.has(third)) return nowhere();
  if (fourth !== undefined && fourth !== "_search") return nowhere();
  if (type !== "Patient") {
    return fail(refusal(404, "not-supported", `There is no compartment of ${type} here.`));
  }
  return ok({ kind: "compartment", path: `${type}/${id}/${third}`, form: fourth !== undefined });
}

const isOperation = (part: string): boolean => /^\$[A-Za-z][A-Za-z0-9-]{0,63}$/.test(part);

const operation = (
  name: string,
  type: string | undefined,
  id: string | undefined,
): Result<Target, Outcome> => ok({ kind: "operation", name, type, id });

const nowhere = (): Result<Target, Outcome> =>
  fail(refusal(404, "not-found", "There is nothing at this address."));

/** An id that no resource can have. */
export function badId(expression: string): Outcome {
  const diagnostics = "An id has 1 to 64 characters: letters, digits, dots and hyphens.";
  return refusal(400, "value", diagnostics, { expression: [expression] });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
