import { linksSchema } from "@salus/protocol";
import {
  PAGE_WEIGHT,
  presentedOf,
  readBody,
  readNumber,
  readParameters,
  sendMessage,
  sendProblem,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";
import { authorize } from "../store/access.ts";
import { appendLinks, chainPage } from "../store/chain.ts";
import { vaultOf } from "./vault-path.ts";

/** The patient's chain: parse, authorise, fetch or append, reply. */
export function chainRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store } = cloud;
  const path = "/v1/vaults/:vault/chain";

  server.get(path, { config: { weight: PAGE_WEIGHT } }, async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, { from: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const presented = presentedOf(request);
    const access = await authorize(store, presented, vault.value, "read-chain", cloud.now());
    if (!access.ok) return sendProblem(reply, access.error);
    const from = Math.min(parameters.value.from ?? 0, access.value.chain.head.seq + 1);
    return sendMessage(reply, await chainPage(store.db, access.value, from));
  });

  server.post(path, async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, linksSchema, "links");
    if (!body.ok) return sendProblem(reply, body.error);
    const presented = presentedOf(request);
    const access = await authorize(store, presented, vault.value, "append-links", cloud.now());
    if (!access.ok) return sendProblem(reply, access.error);
    const head = await appendLinks(store, access.value, body.value.links);
    return head.ok ? sendMessage(reply, head.value) : sendProblem(reply, head.error);
  });
}
