import { sendProblem } from "@salus/service";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/**
 * What the application asks of the browser through its site: `signed-out` throws away what the browser kept of
 * answers. Sealed homes stay: there may be others' beside the one that was signed out of.
 */
export function leavingRoutes(server: FastifyInstance): void {
  server.post("/signed-out", (request, reply) => {
    if (!isOwn(request)) return sendProblem(reply, { kind: "not-yours" });
    return reply.header("clear-site-data", '"cache"').code(204).send();
  });

  // The service worker takes what other programs share. Where there is none yet, the document must not stay here: it is
  // not read, and the page says what to do.
  server.post("/import", (_, reply) => seeOther(reply, "/import?again"));
}

/**
 * Whether a page of this very site asks. Others can make a browser send this, and would throw away what somebody has.
 *
 * Source:  W3C Fetch Metadata Request Headers §2.2.
 */
function isOwn(request: FastifyRequest): boolean {
  return request.headers["sec-fetch-site"] === "same-origin";
}

function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.code(303).header("location", path).header("connection", "close").send();
}
