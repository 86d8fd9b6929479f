import { fail, type Result } from "@salus/base";
import type { Malformed } from "@salus/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import { readNumber, readParameters, sendMessage } from "../http/message.ts";
import { sendProblem } from "../http/problem.ts";
import type { MerkleLog } from "./merkle-log.ts";

/** The log of a service, for everybody: parse, prove, reply. Spec: log §1. */
export function logRoutes(server: FastifyInstance, log: MerkleLog): void {
  const open = { config: { open: true } };

  server.get("/v1/log/checkpoint", open, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    return sendMessage(reply, { checkpoint: await log.checkpoint() });
  });

  server.get("/v1/log/consistency", open, async (request, reply) => {
    const parameters = readParameters(request, { from: readNumber, to: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const { from, to } = parameters.value;
    return answer(
      reply,
      from === undefined || to === undefined ? LACKING : await log.consistency(from, to),
    );
  });

  server.get("/v1/log/inclusion", open, async (request, reply) => {
    const parameters = readParameters(request, { index: readNumber, size: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const { index, size } = parameters.value;
    return answer(
      reply,
      index === undefined || size === undefined ? LACKING : await log.inclusion(index, size),
    );
  });

  server.get("/v1/log/leaves", open, async (request, reply) => {
    const parameters = readParameters(request, { from: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    return sendMessage(reply, await log.leaves(parameters.value.from ?? 0));
  });
}

const LACKING: Result<never, Malformed> = fail({ kind: "malformed", what: "parameters" });

function answer(reply: FastifyReply, result: Result<object, Malformed>): FastifyReply {
  return result.ok ? sendMessage(reply, result.value) : sendProblem(reply, result.error);
}
