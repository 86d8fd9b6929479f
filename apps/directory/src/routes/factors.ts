import { factorCodeSchema } from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { confirmTotp, draftTotp } from "../factors/totp.ts";
import { removeFactor } from "../store/factor.ts";
import { askedInSession, askedWithoutBody, NOTHING, SMALL_BODY } from "./asked.ts";
import { factorOf } from "./attempt-path.ts";

/** Second factors: adding and removing them. */
export function factorRoutes(server: FastifyInstance, directory: Directory): void {
  server.post("/v1/factors/totp", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const asked = await askedInSession(directory, request, "add-factor", NOTHING);
    if (!asked.ok) return sendProblem(reply, asked.error);
    return sendMessage(reply, { secret: await draftTotp(directory, asked.value.session) });
  });

  server.post("/v1/factors/totp/finish", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: factorCodeSchema, what: "code" };
    const asked = await askedInSession(directory, request, "add-factor", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body } = asked.value;
    const confirmed = await confirmTotp(directory, session, body.code);
    return confirmed.ok ? sendMessage(reply, {}) : sendProblem(reply, confirmed.error);
  });

  server.delete("/v1/factors/:id", async (request, reply) => {
    const factor = factorOf(request);
    if (!factor.ok) return sendProblem(reply, factor.error);
    const asked = await askedWithoutBody(directory, request, "stepped-up");
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { account } = asked.value.session;
    const removed = await removeFactor(directory.store, account, factor.value);
    return removed.ok ? sendMessage(reply, {}) : sendProblem(reply, removed.error);
  });
}
