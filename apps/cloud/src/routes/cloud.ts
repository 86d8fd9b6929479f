import { type CloudInfo, LIMITS } from "@salus/protocol";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";
import { answers } from "../database/database.ts";
import { readParameters, sendMessage } from "../http/message.ts";
import { sendProblem } from "../http/problem.ts";

/** What a cloud says of itself to whoever asks. */
export function cloudRoutes(server: FastifyInstance, cloud: Cloud): void {
  const open = { config: { open: true } };

  server.get("/health", open, async (_, reply) => {
    const fine = await answers(cloud.store.db);
    return reply.code(fine ? 200 : 503).send({ status: fine ? "ok" : "unavailable" });
  });

  server.get("/metrics", open, async (request, reply) => {
    const here = isLoopback(request.raw.socket.remoteAddress) && !isForwarded(request.headers);
    if (!cloud.openMetrics && !here) return sendProblem(reply, { kind: "no-such-route" });
    const { registry } = cloud.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });

  server.get("/v1/cloud", open, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const info: CloudInfo = {
      id: cloud.id,
      version: cloud.version,
      time: cloud.now(),
      limits: { ...LIMITS },
    };
    return sendMessage(reply, info);
  });
}

function isLoopback(address: string | undefined): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address ?? "");
}

/** A proxy on this machine speaks for somebody elsewhere. */
function isForwarded(headers: Readonly<Record<string, unknown>>): boolean {
  return headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
}
