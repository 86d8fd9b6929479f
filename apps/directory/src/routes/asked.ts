import { fail, ok, type Result } from "@salus/base";
import { doneSchema, type Problem, type Schema, type VerifyKey } from "@salus/protocol";
import { bodyOf, presentedOf, readBody, readParameters, useNonce } from "@salus/service";
import type { FastifyRequest } from "fastify";
import type { Directory } from "../context.ts";
import { authorize, type Demand, type Session } from "../store/session.ts";

/** Of a body that holds nothing long. */
export const SMALL_BODY = 1024;
/** Of a body with the first links of an account: nobody knows yet who sends them. */
export const FIRST_LINKS_BODY = 65_536;
/** Of a body with the links of one change to an account. */
export const LINKS_BODY = 4_194_304;

/** What a body is to be: how it is read, and what it is called when it cannot be. */
export interface Wanted<T> {
  readonly schema: Schema<T>;
  readonly what: string;
}

export const NOTHING: Wanted<object> = { schema: doneSchema, what: "body" };

/** A request of a key that has no session: the one that is to have it. */
export interface KeyAsked<T> {
  readonly key: VerifyKey;
  readonly body: T;
  readonly time: number;
}

/**
 * Parse a request that anybody's key may make, and use its capability up.
 *
 * Fails:   `malformed`, `unknown-parameter`, `capability-replayed`.
 */
export async function askedByKey<T>(
  { store, now }: Directory,
  request: FastifyRequest,
  wanted: Wanted<T>,
): Promise<Result<KeyAsked<T>, Problem>> {
  const parameters = readParameters(request, {});
  if (!parameters.ok) return parameters;
  const body = readBody(request, wanted.schema, wanted.what);
  if (!body.ok) return body;
  const presented = presentedOf(request);
  const fresh = await useNonce(store.hasty, presented);
  if (!fresh) return fail({ kind: "capability-replayed" });
  return ok({ key: presented.signer, body: body.value, time: now() });
}

/** A request in a session that meets a demand. */
export interface SessionAsked<D extends Demand, T> {
  readonly session: Session<D>;
  readonly body: T;
  readonly time: number;
}

/** Parse a request in a session, and authorise it. Fails: `malformed`, `unknown-parameter`, any `NoSession`. */
export async function askedInSession<D extends Demand, T>(
  directory: Directory,
  request: FastifyRequest,
  demand: D,
  wanted: Wanted<T>,
): Promise<Result<SessionAsked<D, T>, Problem>> {
  const parameters = readParameters(request, {});
  if (!parameters.ok) return parameters;
  const body = readBody(request, wanted.schema, wanted.what);
  if (!body.ok) return body;
  const time = directory.now();
  const session = await authorize(directory.store, presentedOf(request), demand, time);
  return session.ok ? ok({ session: session.value, body: body.value, time }) : session;
}

/** The same for a request that has no body. */
export async function askedWithoutBody<D extends Demand>(
  directory: Directory,
  request: FastifyRequest,
  demand: D,
): Promise<Result<Omit<SessionAsked<D, unknown>, "body">, Problem>> {
  const parameters = readParameters(request, {});
  if (!parameters.ok) return parameters;
  if (bodyOf(request).length > 0) return fail({ kind: "malformed", what: "body" });
  const time = directory.now();
  const session = await authorize(directory.store, presentedOf(request), demand, time);
  return session.ok ? ok({ session: session.value, time }) : session;
}
