import type { FastifyInstance } from "fastify";
import type { ServiceContext } from "../context.ts";
import { answers } from "../database/database.ts";
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
    const here = isLoopback(request.raw.socket.remoteAddress) && !isForwarded(request.headers);
    if (!service.openMetrics && !here) return sendProblem(reply, { kind: "no-such-route" });
    const { registry } = service.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function isLoopback(address: string | undefined): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address ?? "");
}

/** A proxy on this machine speaks for somebody elsewhere. */
function isForwarded(headers: Readonly<Record<string, unknown>>): boolean {
  return headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
}
