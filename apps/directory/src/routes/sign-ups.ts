import { signUpFinishSchema, signUpStartSchema } from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { finishSignUp, startSignUp } from "../store/sign-up.ts";
import { askedByKey, FIRST_LINKS_BODY, SMALL_BODY } from "./asked.ts";
import { attemptOf } from "./attempt-path.ts";

/** Signing up: a registration, and the account that it is for. */
export function signUpRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, signUpsPerHour } = directory;

  server.post("/v1/sign-ups", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: signUpStartSchema, what: "sign-up" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const started = await startSignUp(store, key, body, signUpsPerHour, time);
    return started.ok ? sendMessage(reply, started.value) : sendProblem(reply, started.error);
  });

  server.post(
    "/v1/sign-ups/:id/finish",
    { bodyLimit: FIRST_LINKS_BODY },
    async (request, reply) => {
      const signUp = attemptOf(request);
      if (!signUp.ok) return sendProblem(reply, signUp.error);
      const wanted = { schema: signUpFinishSchema, what: "sign-up" };
      const asked = await askedByKey(directory, request, wanted);
      if (!asked.ok) return sendProblem(reply, asked.error);
      const { key, body, time } = asked.value;
      const opened = await finishSignUp(store, key, signUp.value, body, time);
      return opened.ok ? sendMessage(reply, opened.value) : sendProblem(reply, opened.error);
    },
  );
}
