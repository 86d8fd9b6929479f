import { DISCOVERY, evaluationsSchema } from "@salus/protocol";
import { presentedOf, readBody, readParameters, sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { quotaBucket } from "../store/identifier.ts";
import { spend } from "../store/quota.ts";
import { authorize } from "../store/session.ts";

/** This holder's half of the oblivious function. */
export function evaluationRoutes(server: FastifyInstance, { store, now }: Directory): void {
  const bodyLimit = 1024;
  server.post("/v1/evaluations", { bodyLimit }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, evaluationsSchema, "evaluations");
    if (!body.ok) return sendProblem(reply, body.error);
    const time = now();
    const session = await authorize(store, presentedOf(request), "full", time);
    if (!session.ok) return sendProblem(reply, session.error);
    const { account, role } = session.value;
    // Each role has a quota of its own, so that who looks up can still register.
    const practises = role === "practitioner";
    const bucket = quotaBucket(store.keys, practises ? "evaluation" : "own evaluation", account);
    const most = practises ? DISCOVERY.lookUps : DISCOVERY.registrations;
    const { elements } = body.value;
    if (!(await spend(store.hasty, { bucket, most }, elements.length, time))) {
      return sendProblem(reply, { kind: "quota" });
    }
    const evaluated = store.keys.evaluation.evaluate(elements);
    return evaluated.ok ? sendMessage(reply, evaluated.value) : sendProblem(reply, evaluated.error);
  });
}
