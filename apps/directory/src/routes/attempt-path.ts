import type { Result } from "@salus/base";
import { AttemptId, FactorId, type Malformed, SessionId } from "@salus/protocol";
import type { FastifyRequest } from "fastify";

interface Params {
  readonly id?: string;
}

/** The sign-up, sign-in, step-up or recovery that a path names. Fails: `malformed`. */
export function attemptOf(request: FastifyRequest): Result<AttemptId, Malformed> {
  return AttemptId.fromHex((request.params as Params).id ?? "");
}

/** The session that a path names. Fails: `malformed`. */
export function sessionOf(request: FastifyRequest): Result<SessionId, Malformed> {
  return SessionId.fromHex((request.params as Params).id ?? "");
}

/** The factor that a path names. Fails: `malformed`. */
export function factorOf(request: FastifyRequest): Result<FactorId, Malformed> {
  return FactorId.fromHex((request.params as Params).id ?? "");
}
