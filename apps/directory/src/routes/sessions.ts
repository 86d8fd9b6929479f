import { equalBytes } from "@salus/base";
import { presentedOf, sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { endSession, endSessions, listSessions } from "../store/session.ts";
import { askedWithoutBody } from "./asked.ts";
import { sessionOf } from "./attempt-path.ts";

/** Who is signed in to an account, and signing out. */
export function sessionRoutes(server: FastifyInstance, directory: Directory): void {
  const { store } = directory;

  server.get("/v1/sessions", async (request, reply) => {
    const asked = await askedWithoutBody(directory, request, "full");
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, time } = asked.value;
    return sendMessage(reply, { sessions: await listSessions(store, session, time) });
  });

  server.delete("/v1/sessions/:id", async (request, reply) => {
    const id = sessionOf(request);
    if (!id.ok) return sendProblem(reply, id.error);
    // Whoever may only add a second factor may end her own session, and no other.
    const own = equalBytes(presentedOf(request).grant, id.value);
    const asked = await askedWithoutBody(directory, request, own ? "signed-in" : "full");
    if (!asked.ok) return sendProblem(reply, asked.error);
    await endSession(store, asked.value.session, id.value);
    return sendMessage(reply, {});
  });

  server.delete("/v1/sessions", async (request, reply) => {
    const asked = await askedWithoutBody(directory, request, "stepped-up");
    if (!asked.ok) return sendProblem(reply, asked.error);
    await endSessions(store.db, asked.value.session.account);
    return sendMessage(reply, {});
  });
}
