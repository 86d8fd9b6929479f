import { type DirectoryInfo, LIMITS } from "@salus/protocol";
import { readParameters, sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";

/** What a directory says of itself to whoever asks. */
export function directoryRoutes(server: FastifyInstance, directory: Directory): void {
  server.get("/v1/directory", { config: { open: true } }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const info: DirectoryInfo = {
      id: directory.id,
      version: directory.version,
      time: directory.now(),
      limits: { ...LIMITS },
    };
    return sendMessage(reply, info);
  });
}
