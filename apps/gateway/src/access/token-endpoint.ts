import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Assertions } from "./assertion.ts";
import { OPEN } from "./caller.ts";
import { tokenUrl } from "./discovery.ts";
import type { Rate } from "./rate.ts";
import { grantedScopes } from "./scopes.ts";
import { TOKEN_SECONDS, type Tokens } from "./tokens.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const FORM = /^application\/x-www-form-urlencoded(?:\s*;|$)/i;
const BODY_BYTES = 65_536;

/** What the endpoint works with. */
export interface TokenDesk {
  readonly base: () => string;
  readonly assertions: Assertions;
  readonly tokens: Tokens;
  readonly rate: Rate;
}

/** Errors of OAuth (RFC 6749 §5.2). Each says the same whatever was wrong with a client: nobody learns who is one. */
type Fault = "invalid_request" | "unsupported_grant_type" | "invalid_client" | "invalid_scope";

/**
 * Answer `POST /token`: a client's signed assertion for an access token.
 *
 * Source:  SMART App Launch 2.2, "Backend Services: obtain access token"; RFC 6749 §4.4, §5.
 */
export function tokenRoute(server: FastifyInstance, desk: TokenDesk): void {
  server.post("/token", { config: OPEN, bodyLimit: BODY_BYTES }, async (request, reply) => {
    void reply.headers({ "cache-control": "no-store", pragma: "no-cache" });
    const wait = desk.rate.take(request.ip);
    if (wait > 0) {
      void reply.header("retry-after", String(wait));
      return reply.code(429).send({ error: "slow_down" });
    }
    const form = formOf(request);
    if (form === undefined) return refuse(reply, "invalid_request");
    if (form.grant_type !== "client_credentials") return refuse(reply, "unsupported_grant_type");
    const { client_assertion: assertion = "", scope = "" } = form;
    if (form.client_assertion_type !== ASSERTION_TYPE || assertion === "") {
      return refuse(reply, "invalid_request");
    }
    const client = await desk.assertions.clientOf(assertion, tokenUrl(desk.base()));
    if (typeof client === "string") return refuse(reply, "invalid_client");
    const scopes = grantedScopes(scope, client.scopes);
    if (scopes.length === 0) return refuse(reply, "invalid_scope");
    return reply.send({
      access_token: desk.tokens.issue(client.id, scopes),
      token_type: "bearer",
      expires_in: TOKEN_SECONDS,
      scope: scopes.join(" "),
    });
  });
}

function refuse(reply: FastifyReply, error: Fault): FastifyReply {
  return reply.code(error === "invalid_client" ? 401 : 400).send({ error });
}

/** The fields of a form, each once: of two, one reader would take the first and another the last. */
function formOf(request: FastifyRequest): Readonly<Record<string, string>> | undefined {
  const { body, headers } = request;
  if (!(body instanceof Uint8Array) || !FORM.test(headers["content-type"] ?? "")) return undefined;
  const fields = [...new URLSearchParams(Buffer.from(body).toString("utf8"))];
  const names = new Set(fields.map(([name]) => name));
  return names.size === fields.length ? Object.fromEntries(fields) : undefined;
}
