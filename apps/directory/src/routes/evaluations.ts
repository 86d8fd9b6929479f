import { DISCOVERY, evaluationsSchema } from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { quotaBucket } from "../store/identifier.ts";
import { spend } from "../store/quota.ts";
import { askedInSession, SMALL_BODY } from "./asked.ts";

/** This holder's half of the oblivious function. */
export function evaluationRoutes(server: FastifyInstance, directory: Directory): void {
  const { keys, hasty } = directory.store;
  server.post("/v1/evaluations", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: evaluationsSchema, what: "evaluations" };
    const asked = await askedInSession(directory, request, "full", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    // Each role has a quota of its own, so that who looks up can still register.
    const practises = session.role === "practitioner";
    const what = practises ? "evaluation" : "own evaluation";
    const bucket = quotaBucket(keys, what, session.account);
    const most = practises ? DISCOVERY.lookUps : DISCOVERY.registrations;
    if (!(await spend(hasty, { bucket, most }, body.elements.length, time))) {
      return sendProblem(reply, { kind: "quota" });
    }
    const evaluated = keys.evaluation.evaluate(body.elements);
    return evaluated.ok ? sendMessage(reply, evaluated.value) : sendProblem(reply, evaluated.error);
  });
}
