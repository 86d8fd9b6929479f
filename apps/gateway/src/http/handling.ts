import { fail, ok, type Result } from "@salus/base";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Outcome, refusal } from "../outcome.ts";
import { patternOf, readAddress, type Target } from "./address.ts";
import { readConditions } from "./conditions.ts";
import { type Answering, type Asked, type Body, type Method, NO_BODY } from "./exchange.ts";
import { type BodyKind, bodyKindOf, negotiate } from "./formats.ts";
import { readJson } from "./json.ts";
import { methodsOf } from "./methods.ts";
import { readPreferences } from "./preferences.ts";
import { readQuery } from "./query.ts";
import { sendAnswer, sendOutcome } from "./sending.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The kind of place that was asked, for the log. */
    pattern: string | undefined;
  }
}

const BODY_METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/** What handles one interaction for whoever sent this request. */
export type Handling = (asked: Asked, request: FastifyRequest) => Answering;

/** Read a request, have it done, and answer. */
export async function handle(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    base,
    prefix,
    answer,
  }: { readonly base: string; readonly prefix: string; readonly answer: Handling },
): Promise<FastifyReply> {
  const url = request.raw.url ?? "";
  const mark = url.indexOf("?");
  const path = (mark < 0 ? url : url.slice(0, mark)).slice(prefix.length);
  const query = readQuery(mark < 0 ? "" : url.slice(mark + 1));
  if (!query.ok) return sendOutcome(reply, query.error, false);
  const { pretty, format } = query.value;
  const wanted = negotiate(request.headers.accept, format);
  if (!wanted.ok) return sendOutcome(reply, wanted.error, pretty);
  const target = readAddress(path);
  if (!target.ok) return sendOutcome(reply, target.error, pretty);
  request.pattern = patternOf(target.value);
  if (request.method === "OPTIONS") return sendMethods(reply, methodsOf(target.value));
  const asked = readAsked(request, target.value);
  if (!asked.ok) return sendOutcome(reply, asked.error, pretty);
  const inForm = formatIn(asked.value.body);
  const wantedInForm = inForm === undefined ? wanted : negotiate(undefined, inForm);
  if (!wantedInForm.ok) return sendOutcome(reply, wantedInForm.error, pretty);
  const answered = await answer({ ...asked.value, query: query.value }, request);
  if (!answered.ok) return sendOutcome(reply, answered.error, pretty);
  return sendAnswer(reply, answered.value, { base, pretty });
}

/** What a form says of the form of its answer. */
const formatIn = (body: Body): string | undefined =>
  body.kind === "form" ? (new URLSearchParams(body.text).get("_format") ?? undefined) : undefined;

const sendMethods = (reply: FastifyReply, methods: readonly string[]): FastifyReply =>
  reply.code(204).header("allow", methods.join(", ")).send();

/** Everything of a request but its query. */
function readAsked(request: FastifyRequest, target: Target): Result<Omit<Asked, "query">, Outcome> {
  const method = (request.method === "HEAD" ? "GET" : request.method) as Method;
  const { headers } = request;
  const conditions = readConditions({
    ifMatch: headers["if-match"],
    ifNoneMatch: headers["if-none-match"],
    ifModifiedSince: headers["if-modified-since"],
    ifNoneExist: headers["if-none-exist"],
  });
  if (!conditions.ok) return conditions;
  const prefer = headers.prefer;
  const preferences = readPreferences(Array.isArray(prefer) ? prefer.join(",") : prefer);
  const body = readBody(request, method, target);
  if (!body.ok) return body;
  return ok({ method, target, conditions: conditions.value, preferences, body: body.value });
}

function readBody(request: FastifyRequest, method: Method, target: Target): Result<Body, Outcome> {
  if (!BODY_METHODS.has(method)) return ok(NO_BODY);
  const bytes = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const expected = expectedBody(method, target);
  const untyped = request.headers["content-type"] === undefined;
  if (bytes.length === 0 && (untyped || expected === "form")) return ok(NO_BODY);
  const kind = bodyKindOf(request.headers, [expected]);
  if (!kind.ok) return kind;
  if (bytes.length === 0) return ok(NO_BODY);
  if (kind.value === "form") return readForm(bytes);
  const value = readJson(bytes, rootOf(kind.value, target));
  return value.ok ? ok({ kind: kind.value, value: value.value }) : value;
}

function expectedBody(method: Method, target: Target): BodyKind {
  if (method === "PATCH") return "json-patch";
  const { kind } = target;
  const isForm = kind === "type-search" || kind === "system-search" || kind === "compartment";
  return isForm ? "form" : "resource";
}

/** What a body is to be, as its elements are named in faults. */
function rootOf(kind: BodyKind, target: Target): string {
  if (kind === "json-patch") return "Patch";
  if (target.kind === "system") return "Bundle";
  if (target.kind === "operation") return "Parameters";
  return "type" in target && target.type !== undefined ? target.type : "Resource";
}

function readForm(bytes: Uint8Array): Result<Body, Outcome> {
  try {
    return ok({ kind: "form", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) });
  } catch {
    return fail(refusal(400, "structure", "The body is not UTF-8."));
  }
}
