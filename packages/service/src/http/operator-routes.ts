import type { FastifyInstance } from "fastify";
import type { ServiceContext } from "../context.ts";
import { answers } from "../database/database.ts";
import { askedFromHere } from "./loopback.ts";
import { sendProblem } from "./problem.ts";

/** What whoever runs a service asks of it. */
export function operatorRoutes<Schema>(
  server: FastifyInstance,
  service: ServiceContext<Schema>,
): void {
  const open = { config: { open: true } };

  server.get("/health", open, async (_, reply) => {
    const fine = await answers(service.database.db);
    return reply.code(fine ? 200 : 503).send({ status: fine ? "ok" : "unavailable" });
  });

  server.get("/metrics", open, async (request, reply) => {
    if (!service.openMetrics && !askedFromHere(request))
      return sendProblem(reply, { kind: "no-such-route" });
    const { registry } = service.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
