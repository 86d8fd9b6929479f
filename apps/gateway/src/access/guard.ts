import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sendOutcome } from "../http/sending.ts";
import { refusal } from "../outcome.ts";
import { Assertions } from "./assertion.ts";
import { type Caller, LOCAL, NOBODY, OPEN } from "./caller.ts";
import type { Client } from "./client.ts";
import { smartConfiguration } from "./discovery.ts";
import { crossOriginHeaders, type Names, originFault } from "./origin.ts";
import { Rate } from "./rate.ts";
import { tokenRoute } from "./token-endpoint.ts";
import { Tokens } from "./tokens.ts";

/** Who may ask a gateway what. With neither a token nor clients, everybody who reaches it may ask everything. */
export interface AccessOptions {
  /** The FHIR base as clients write it, without a slash at its end; known when it listens. */
  readonly base: () => string;
  /** Whoever shows it may do what the identity may. */
  readonly token?: string | undefined;
  /** Programs that authenticate by SMART Backend Services. */
  readonly clients?: readonly Client[] | undefined;
  /** Names beside `localhost`, the base's and, under TLS, the machine's, under which the gateway answers. */
  readonly hosts?: readonly string[] | undefined;
  /** Pages of these origins may ask from a browser. */
  readonly origins?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/**
 * Guard every route that is registered on this instance, and answer `/.well-known/smart-configuration`
 * and `/token` on it.
 *
 * Takes:   an instance whose prefix is the FHIR base. Call it before routes are registered.
 * Gives:   requests with a `caller`. Others are answered 401, 403 or 429 with an OperationOutcome.
 */
export function guard(server: FastifyInstance, options: AccessOptions): void {
  const { base, token, clients = [], now = Date.now } = options;
  const tokens = new Tokens(token, now);
  const free = token === undefined && clients.length === 0;
  const names = (): Names => {
    return { base: base(), hosts: options.hosts ?? [], origins: options.origins ?? [] };
  };
  server.decorateRequest("caller");
  server.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    void reply.headers(crossOriginHeaders(origin, names()));
    const fault = originFault(request.headers, names(), request.protocol === "https");
    if (fault !== undefined)
      return sendOutcome(reply, refusal(403, "security", WORDS[fault]), false);
    if (isPreflight(request)) return reply.code(204).send();
    const { open } = request.routeOptions.config;
    const caller = open ? NOBODY : callerOf(request, tokens, free);
    if (caller === undefined) return refuse(reply, request.headers.authorization !== undefined);
    request.caller = caller;
    return undefined;
  });
  if (clients.length === 0) return;
  const assertions = new Assertions(clients, now);
  tokenRoute(server, { base, assertions, tokens, rate: new Rate(now) });
  server.get("/.well-known/smart-configuration", { config: OPEN }, async (_, reply) => {
    return reply.type("application/json").send(smartConfiguration(base()));
  });
}

const WORDS = {
  "other-name": "The gateway does not answer under this name.",
  "other-page": "Pages of this origin may not ask here.",
} as const;

/** What a browser asks before it asks: it carries no token. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
}

function callerOf(request: FastifyRequest, tokens: Tokens, free: boolean): Caller | undefined {
  const { authorization } = request.headers;
  // Where nobody has a token, one that somebody shows all the same is not looked at.
  if (free) return LOCAL;
  const [, token] = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? "") ?? [];
  return token === undefined ? undefined : tokens.callerOf(token);
}

/** Source: RFC 6750 §3. */
function refuse(reply: FastifyReply, shown: boolean): FastifyReply {
  const challenge = `Bearer realm="salus"${shown ? ', error="invalid_token"' : ""}`;
  void reply.header("www-authenticate", challenge);
  const says = shown ? "The token is not known, or not any more." : "A token is needed.";
  return sendOutcome(reply, refusal(401, shown ? "unknown" : "login", says), false);
}
