import type { Resource } from "@salus/client";
import type { FastifyReply } from "fastify";
import { encodeOutcome, type Outcome } from "../outcome.ts";
import { etagOf } from "./conditions.ts";
import type { Answer } from "./exchange.ts";
import { FHIR_JSON } from "./formats.ts";

/** What of an answer depends on who is told. */
interface Telling {
  /** The FHIR base. */
  readonly base: string;
  readonly pretty: boolean;
}

/** Answer what was done. */
export function sendAnswer(
  reply: FastifyReply,
  { status, body, version, located, headers }: Answer,
  { base, pretty }: Telling,
): FastifyReply {
  void reply.code(status).headers(headers ?? {});
  if (version !== undefined) {
    const { type, id, versionId, at } = version;
    void reply.header("etag", etagOf(versionId));
    if (Number.isFinite(at)) void reply.header("last-modified", new Date(at).toUTCString());
    if (located) void reply.header("location", `${base}/${type}/${id}/_history/${versionId}`);
  }
  return body === undefined ? reply.send() : sendBody(reply, body, pretty);
}

/** Answer why it was not done: an OperationOutcome, always. */
export function sendOutcome(reply: FastifyReply, outcome: Outcome, pretty: boolean): FastifyReply {
  const { status, issues, retryAfter, allow } = outcome;
  if (retryAfter !== undefined) void reply.header("retry-after", String(retryAfter));
  if (allow !== undefined) void reply.header("allow", allow.join(", "));
  return sendBody(reply.code(status), encodeOutcome(issues), pretty);
}

function sendBody(reply: FastifyReply, body: Resource, pretty: boolean): FastifyReply {
  void reply.type(`${FHIR_JSON}; charset=utf-8`);
  return reply.send(JSON.stringify(body, undefined, pretty ? 2 : undefined));
}
