import { LIMITS, linksSchema, VaultHandle } from "@salus/protocol";
import {
  presentedOf,
  readBody,
  readParameters,
  sendMessage,
  sendProblem,
  useNonce,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";
import { vaultsOf } from "../store/key-role.ts";
import { openVault } from "../store/new-vault.ts";
import { vaultId } from "../store/vault.ts";

/** Opening a vault, and finding those that a key has to do with. */
export function vaultRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store } = cloud;

  server.post("/v1/vaults", async (request, reply) => {
    const presented = presentedOf(request);
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, linksSchema, "links");
    if (!body.ok) return sendProblem(reply, body.error);
    if (!(await useNonce(store.hasty, presented))) {
      return sendProblem(reply, { kind: "capability-replayed" });
    }
    const opened = await openVault(store, presented.signer, body.value.links);
    return opened.ok ? sendMessage(reply, opened.value) : sendProblem(reply, opened.error);
  });

  const weight = LIMITS.queryBytes;
  server.get("/v1/vaults", { config: { weight } }, async (request, reply) => {
    const presented = presentedOf(request);
    const parameters = readParameters(request, { after: VaultHandle.fromHex });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const { after } = parameters.value;
    if (!(await useNonce(store.hasty, presented))) {
      return sendProblem(reply, { kind: "capability-replayed" });
    }
    const from = after === undefined ? undefined : vaultId(after);
    return sendMessage(reply, await vaultsOf(store.db, presented.signer, from));
  });
}
