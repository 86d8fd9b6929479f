import { askedFromHere, readParameters, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { Outbox } from "../sms/outbox.ts";

/** What a directory in development sent to nobody, for a person on the same machine. */
export function outboxRoutes(server: FastifyInstance, { texts }: Directory): void {
  const carrier = texts?.carrier;
  if (!(carrier instanceof Outbox)) return;
  server.get("/v1/outbox", { config: { open: true } }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    if (!askedFromHere(request)) return sendProblem(reply, { kind: "no-such-route" });
    return reply.send({ messages: carrier.messages() });
  });
}
