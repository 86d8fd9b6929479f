import { encodeProblem, PROBLEM_MEDIA, PROBLEM_STATUS, type Problem } from "@salus/protocol";
import type { FastifyReply } from "fastify";

/** When to come again after `too-many` and `unavailable`. */
const RETRY_SECONDS = 1;

/** Answer with an error: the only way to. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const status = PROBLEM_STATUS[problem.kind];
  if (status === 429 || status === 503) void reply.header("retry-after", RETRY_SECONDS);
  reply.problem = problem.kind;
  return reply.code(status).type(PROBLEM_MEDIA).send(encodeProblem(problem));
}

/** The database's own words for: it takes too long, it is away, it has no room. */
const UNAVAILABLE_STATES = new Set([
  ...["57014", "57P01", "57P02", "57P03"],
  ...["55000", "55P03", "25P03"],
]);
const UNAVAILABLE_CLASSES = new Set(["08", "53"]);
const UNAVAILABLE_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT"]);

/** What pool and driver say, without any code, of a connection that is lost or not to be had. */
const LOST =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client (?:has encountered a connection error|was closed))/;

/**
 * What to say of an error that nobody expected.
 *
 * The framework's own are about how the request was sent. The database's say that it is busy or
 * away. Anything else is a bug: its text goes to the log and not to the client.
 */
export function problemOf(error: unknown): Problem {
  const code = (error as { code?: unknown }).code;
  const status = (error as { statusCode?: unknown }).statusCode;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return { kind: "too-large" };
  if (typeof status === "number" && status >= 400 && status < 500) {
    return { kind: "malformed", what: "request" };
  }
  if (typeof code === "string" && isUnavailable(code)) return { kind: "unavailable" };
  const message = error instanceof Error ? error.message : "";
  return LOST.test(message) ? { kind: "unavailable" } : { kind: "internal" };
}

function isUnavailable(code: string): boolean {
  return (
    UNAVAILABLE_STATES.has(code) ||
    UNAVAILABLE_CLASSES.has(code.slice(0, 2)) ||
    UNAVAILABLE_CODES.has(code)
  );
}
