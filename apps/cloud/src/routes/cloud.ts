import { type CloudInfo, LIMITS } from "@salus/protocol";
import { readParameters, sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";

/** What a cloud says of itself to whoever asks. */
export function cloudRoutes(server: FastifyInstance, cloud: Cloud): void {
  server.get("/v1/cloud", { config: { open: true } }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const info: CloudInfo = {
      id: cloud.id,
      version: cloud.version,
      time: cloud.now(),
      log: cloud.merkleLog.key,
      limits: { ...LIMITS },
    };
    return sendMessage(reply, info);
  });
}
