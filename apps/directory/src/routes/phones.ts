import { type CodeSent, factorCodeSchema, phoneNumberSchema } from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { confirmPhone, draftPhone } from "../factors/sms.ts";
import { isClosed } from "../store/sms-limit.ts";
import { wishSignInCode } from "../store/sms-message.ts";
import { askedByKey, askedInSession, NOTHING, SMALL_BODY } from "./asked.ts";
import { attemptOf } from "./attempt-path.ts";

const SENT: CodeSent = { status: "sent_if_registered" };

/** Telephones as second factors, and the codes that go to them. */
export function phoneRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, texts } = directory;
  const small = { bodyLimit: SMALL_BODY };

  // Whether there is such a sign-in, with a phone, and within the limits, is found later.
  server.post("/v1/sign-ins/:id/sms", small, async (request, reply) => {
    const signIn = attemptOf(request);
    if (!signIn.ok) return sendProblem(reply, signIn.error);
    const asked = await askedByKey(directory, request, NOTHING);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, time } = asked.value;
    const off = texts === undefined || (await isClosed(store, "sign-in", time));
    if (off) return sendProblem(reply, { kind: "sms-off" });
    await wishSignInCode(store, key, signIn.value, time);
    return sendMessage(reply.code(202), SENT);
  });

  server.post("/v1/factors/phone", small, async (request, reply) => {
    const wanted = { schema: phoneNumberSchema, what: "number" };
    const asked = await askedInSession(directory, request, "add-factor", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const drafted = await draftPhone(directory, session, body.number, time);
    return drafted.ok ? sendMessage(reply.code(202), SENT) : sendProblem(reply, drafted.error);
  });

  server.post("/v1/factors/phone/finish", small, async (request, reply) => {
    const wanted = { schema: factorCodeSchema, what: "code" };
    const asked = await askedInSession(directory, request, "add-factor", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const confirmed = await confirmPhone(directory, session, body.code, time);
    return confirmed.ok ? sendMessage(reply, {}) : sendProblem(reply, confirmed.error);
  });
}
