import type { Readable } from "node:stream";
import { askedFromHere, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Note } from "../log.ts";

/** A browser's reports are short; what is longer is none. */
const REPORT_BYTES_MAX = 65_536;
const MEDIA = /^application\/(?:reports\+json|csp-report)\b/;

/**
 * Where browsers say that a page was kept from something: how often is counted, and what they say is thrown away, because
 * it may quote the page.
 */
export function reportRoutes(server: FastifyInstance, note: Note): void {
  let count = 0;

  server.post("/csp-reports", async (request, reply) => {
    if (!MEDIA.test(request.headers["content-type"] ?? "")) {
      return sendProblem(reply, { kind: "malformed", what: "report" });
    }
    if (!(await passes(request.body as Readable))) return sendProblem(reply, { kind: "too-large" });
    count += 1;
    note({ event: "csp-report", count });
    return reply.code(204).send();
  });

  server.get("/csp-reports", (request, reply) =>
    askedFromHere(request) ? reply.send({ count }) : sendProblem(reply, { kind: "no-such-route" }),
  );
}

/** Whether a body ends before it is too long. Nothing of it is kept. */
async function passes(body: Readable): Promise<boolean> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    if (bytes > REPORT_BYTES_MAX) return false;
  }
  return true;
}
