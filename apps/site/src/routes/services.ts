import { sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Forwarder } from "../forwarding/forwarder.ts";
import { servicePath } from "../forwarding/passed.ts";

/** Where a service stands below this site, and the way to it. */
export interface Placed {
  readonly prefix: string;
  readonly forwarder: Forwarder;
}

/** The services, each below its prefix. Only their APIs: what their operators ask stays with them. */
export function serviceRoutes(server: FastifyInstance, services: readonly Placed[]): void {
  for (const { prefix, forwarder } of services) {
    server.route({
      method: ["GET", "POST", "PUT", "DELETE"],
      url: `${prefix}/v1/*`,
      handler: async (request, reply) => {
        const path = servicePath(request.raw.url ?? "", prefix);
        if (path === undefined) return sendProblem(reply, { kind: "no-such-route" });
        return forwarder.forward(request, reply, path);
      },
    });
  }
}
