import { LIMITS, type Problem, type Query, querySchema } from "@salus/protocol";
import {
  PAGE_WEIGHT,
  presentedOf,
  readBody,
  readParameters,
  sendMessage,
  sendProblem,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";
import { answerQuery } from "../query/answer.ts";
import { authorize } from "../store/access.ts";
import { noteAccess } from "../store/trail.ts";
import { accessNote } from "./trail.ts";
import { vaultOf } from "./vault-path.ts";

/** The one question that is asked over all sources: parse, authorise, evaluate, reply. */
export function queryRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store } = cloud;
  const options = { bodyLimit: LIMITS.queryBytes, config: { weight: PAGE_WEIGHT } };

  server.post("/v1/vaults/:vault/query", options, async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const query = readBody(request, querySchema, "query");
    if (!query.ok) return sendProblem(reply, query.error);
    const excess = excessOf(query.value);
    if (excess !== undefined) return sendProblem(reply, excess);
    const presented = presentedOf(request);
    const access = await authorize(store, presented, vault.value, "query", cloud.now());
    if (!access.ok) return sendProblem(reply, access.error);
    const note = accessNote(request, presentedOf(request), access.value, "query");
    if (!note.ok) return sendProblem(reply, note.error);
    const answer = await answerQuery(store, access.value, query.value);
    if (!answer.ok) return sendProblem(reply, answer.error);
    await noteAccess(store, access.value.vault, note.value, answer.value.candidates.length);
    return sendMessage(reply, answer.value);
  });
}

/** The limit of probes is for all clauses together. */
function excessOf({ clauses }: Query): Problem | undefined {
  const probes = clauses.reduce((sum, clause) => sum + clause.length, 0);
  return probes > LIMITS.probes ? { kind: "too-large" } : undefined;
}
