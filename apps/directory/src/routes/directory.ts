import { type DirectoryInfo, LIMITS, PASSWORD_COST } from "@salus/protocol";
import { readParameters, sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";

/** What a directory says of itself to whoever asks. */
export function directoryRoutes(server: FastifyInstance, directory: Directory): void {
  const { keys } = directory.store;
  server.get("/v1/directory", { config: { open: true } }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const info: DirectoryInfo = {
      id: directory.id,
      version: directory.version,
      time: directory.now(),
      opaque: keys.passwords.key,
      kdf: PASSWORD_COST,
      log: keys.log.key,
      threshold: 1,
      holders: [{ index: 1, url: "", key: keys.evaluation.key }],
      public: keys.evaluation.key,
      sms: directory.sms,
      limits: { ...LIMITS },
    };
    return sendMessage(reply, info);
  });
}
