import { fail, ok, type Result } from "@salus/base";
import type { Answer, Answering, Asked } from "../http/exchange.ts";
import { allowOnly } from "../http/query.ts";
import type { Desk } from "../interactions/desk.ts";
import { isObject, resourceOf } from "../interactions/resource-body.ts";
import { standing } from "../interactions/standing.ts";
import { encodeOutcome, type Issue, isFailure, type Outcome, refusal } from "../outcome.ts";
import { validate } from "../validation/index.ts";

/** What a resource, or one that stands here, is judged for. */
interface Wish {
  readonly resource: unknown;
  readonly mode: string | undefined;
  readonly profile: string | undefined;
}

/** The place that was asked. */
interface Place {
  readonly type: string | undefined;
  readonly id: string | undefined;
}

const MODES: readonly (string | undefined)[] = [undefined, "create", "update", "delete", "profile"];
const PARAMETERS = ["mode", "profile"];

/**
 * `[type]/$validate` and `[type]/[id]/$validate`: say what would be said of a resource if it were written.
 *
 * Nothing is stored. The answer is 200 whatever was found: that something was found is the answer.
 *
 * Takes:   a resource as the body, or Parameters with `resource`, `mode` and `profile`; without either, the resource that
 *          stands at the address.
 * Fails:   400 for a request that says nothing to judge; 404 and 410 where nothing stands.
 * Source:  FHIR R4, Resource, operation validate.
 */
export async function validateOperation(desk: Desk, asked: Asked, place: Place): Answering {
  const { type, id } = place;
  if (type === undefined) {
    return fail(refusal(404, "not-supported", "Validation is asked of a type or a resource."));
  }
  const wish = readWish(asked, type);
  if (!wish.ok) return wish;
  const { mode, profile, resource } = wish.value;
  if (!MODES.includes(mode)) {
    const says = "The mode is none of create, update, delete and profile.";
    return fail(refusal(400, "value", says, { parameter: "mode" }));
  }
  if (mode === "profile" && profile === undefined) {
    return fail(refusal(400, "required", "This mode needs a profile.", { parameter: "profile" }));
  }
  const stands = await concerned(desk, { type, id }, wish.value);
  if (!stands.ok) return stands;
  if (mode === "delete") return ok(answerOf([]));
  const judged = resource ?? stands.value;
  if (judged === undefined) {
    const says = "There is no resource to be judged.";
    return fail(refusal(400, "required", says, { expression: [type] }));
  }
  const issues = await validate(judged, profile === undefined ? [] : [profile]);
  return ok(answerOf([...placeIssues(judged, place, mode), ...issues]));
}

function answerOf(issues: readonly Issue[]): Answer {
  const sound: Issue = {
    severity: "information",
    code: "informational",
    diagnostics: "All is well.",
  };
  return { status: 200, body: encodeOutcome(isFailure(issues) ? issues : [...issues, sound]) };
}

/** Read what is asked, from the address and from Parameters; both may not say it. */
function readWish(asked: Asked, type: string): Result<Wish, Outcome> {
  const { query, body, preferences } = asked;
  const allowed = allowOnly(query, PARAMETERS, preferences);
  if (!allowed.ok) return allowed;
  const said = (name: string): string | undefined =>
    query.parameters.find((one) => one.name === name)?.value;
  const wish = { mode: said("mode"), profile: said("profile") };
  if (body.kind === "none") return ok({ ...wish, resource: undefined });
  if (body.kind === "resource" && isObject(body.value)) {
    if (body.value.resourceType === "Parameters") return readParameters(body.value, wish);
    // Of another type than the address names is a fault of the request; all else is judged.
    const { resourceType } = body.value;
    if (resourceType === type || typeof resourceType !== "string") {
      return ok({ ...wish, resource: body.value });
    }
  }
  const wrong = resourceOf(body, type);
  return wrong.ok ? ok({ ...wish, resource: wrong.value }) : wrong;
}

function readParameters(
  { parameter }: Readonly<Record<string, unknown>>,
  address: Omit<Wish, "resource">,
): Result<Wish, Outcome> {
  const list = Array.isArray(parameter) ? parameter.filter(isObject) : [];
  let wish: Wish = { ...address, resource: undefined };
  for (const { name, resource, ...value } of list) {
    const [text] = Object.entries(value).flatMap(([key, held]) =>
      /^value(?:Code|Uri|Canonical|Url|String)$/.test(key) && typeof held === "string" ? held : [],
    );
    if (name === "resource" && wish.resource === undefined) wish = { ...wish, resource };
    else if (name === "mode" && wish.mode === undefined) wish = { ...wish, mode: text };
    else if (name === "profile" && wish.profile === undefined) wish = { ...wish, profile: text };
    else return fail(oddParameter());
  }
  return ok(wish);
}

const oddParameter = (): Outcome =>
  refusal(400, "not-supported", "A parameter is not known here, or was given twice.", {
    expression: ["Parameters.parameter.name"],
  });

/**
 * What stands at the address, where that matters: it is what is judged, replaced or deleted.
 *
 * Gives:   nothing where only a body is judged.
 */
async function concerned(
  { world }: Desk,
  { type, id }: { readonly type: string; readonly id: string | undefined },
  { mode, resource }: Wish,
): Promise<Result<unknown, Outcome>> {
  const matters = resource === undefined || mode === "update" || mode === "delete";
  if (id === undefined || !matters) return ok(undefined);
  const stands = await standing(world, type, id);
  return stands.ok ? ok(stands.value.resource) : stands;
}

/** What is wrong with a resource at this address, and not in itself. */
function placeIssues(resource: unknown, { type, id }: Place, mode: string | undefined): Issue[] {
  const own = isObject(resource) ? resource.id : undefined;
  const issue = (says: string): Issue[] => [
    { severity: "error", code: "value", diagnostics: says, expression: [`${type}.id`] },
  ];
  if (mode === "update" && id === undefined && own === undefined) {
    return issue("What is updated has an id.");
  }
  const differs = id !== undefined && own !== undefined && own !== id;
  return differs ? issue("The id is not the one that the address names.") : [];
}
