import {
  passwordFinishSchema,
  passwordRegistrationSchema,
  recoveryStartSchema,
} from "@salus/protocol";
import {
  PAGE_WEIGHT,
  presentedOf,
  readNumber,
  readParameters,
  sendMessage,
  sendProblem,
  useNonce,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import {
  finishRecovery,
  recoveryChain,
  registerRecovery,
  startRecovery,
} from "../store/recovery.ts";
import { askedByKey, LINKS_BODY, SMALL_BODY } from "./asked.ts";
import { attemptOf } from "./attempt-path.ts";

/** Coming back with the phrase alone. */
export function recoveryRoutes(server: FastifyInstance, directory: Directory): void {
  const { store } = directory;
  const starting = { bodyLimit: SMALL_BODY, config: { weight: PAGE_WEIGHT } };

  server.post("/v1/recoveries", starting, async (request, reply) => {
    const wanted = { schema: recoveryStartSchema, what: "recovery" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const started = await startRecovery(store, key, body, time);
    return started.ok ? sendMessage(reply, started.value) : sendProblem(reply, started.error);
  });

  server.post("/v1/recoveries/:id", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const id = attemptOf(request);
    if (!id.ok) return sendProblem(reply, id.error);
    const wanted = { schema: passwordRegistrationSchema, what: "registration" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const response = await registerRecovery(store, key, id.value, body.registration, time);
    return response.ok
      ? sendMessage(reply, { response: response.value })
      : sendProblem(reply, response.error);
  });

  server.post("/v1/recoveries/:id/finish", { bodyLimit: LINKS_BODY }, async (request, reply) => {
    const id = attemptOf(request);
    if (!id.ok) return sendProblem(reply, id.error);
    const wanted = { schema: passwordFinishSchema, what: "recovery" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const opened = await finishRecovery(store, key, id.value, body, time);
    return opened.ok ? sendMessage(reply, opened.value) : sendProblem(reply, opened.error);
  });

  chainRoute(server, directory);
}

function chainRoute(server: FastifyInstance, { store, now }: Directory): void {
  const path = "/v1/recoveries/:id/chain";
  server.get(path, { config: { weight: PAGE_WEIGHT } }, async (request, reply) => {
    const id = attemptOf(request);
    if (!id.ok) return sendProblem(reply, id.error);
    const parameters = readParameters(request, { from: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const presented = presentedOf(request);
    if (!(await useNonce(store.hasty, presented))) {
      return sendProblem(reply, { kind: "capability-replayed" });
    }
    const from = parameters.value.from ?? 0;
    const page = await recoveryChain(store, presented.signer, id.value, from, now());
    return page.ok ? sendMessage(reply, page.value) : sendProblem(reply, page.error);
  });
}
