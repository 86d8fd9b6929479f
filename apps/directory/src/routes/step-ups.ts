import { fail, ok, type Result } from "@salus/base";
import {
  type AttemptId,
  type Problem,
  type StepUpFinish,
  type StepUpStart,
  type StepUpStarted,
  stepUpFinishSchema,
  stepUpStartSchema,
} from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { checkStepUp } from "../factors/factors.ts";
import { checkPasskey, questionFor } from "../factors/passkey.ts";
import { drawChallenge } from "../store/passkey.ts";
import { type Session, stepUp } from "../store/session.ts";
import {
  beginStepUp,
  finishPasswordStepUp,
  startPasswordStepUp,
  takeStepUp,
} from "../store/step-up.ts";
import { askedInSession, SMALL_BODY } from "./asked.ts";
import { attemptOf } from "./attempt-path.ts";

/** An assertion of a passkey is the longest. */
const PROOF_BODY = 32_768;

/** Showing once more that she is there, for what is final. */
export function stepUpRoutes(server: FastifyInstance, directory: Directory): void {
  server.post("/v1/step-ups", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: stepUpStartSchema, what: "step-up" };
    const asked = await askedInSession(directory, request, "signed-in", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const started = await begin(directory, session, body, time);
    return started.ok ? sendMessage(reply, started.value) : sendProblem(reply, started.error);
  });

  server.post("/v1/step-ups/:id/finish", { bodyLimit: PROOF_BODY }, async (request, reply) => {
    const id = attemptOf(request);
    if (!id.ok) return sendProblem(reply, id.error);
    const wanted = { schema: stepUpFinishSchema, what: "step-up" };
    const asked = await askedInSession(directory, request, "signed-in", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const until = await finish(directory, session, id.value, body, time);
    return until.ok ? sendMessage(reply, { until: until.value }) : sendProblem(reply, until.error);
  });
}

async function begin(
  directory: Directory,
  session: Session<"signed-in">,
  body: StepUpStart,
  now: number,
): Promise<Result<StepUpStarted, Problem>> {
  const { store } = directory;
  if (body.kind === "password") return startPasswordStepUp(store, session, body.start, now);
  if (body.kind === "passkey") {
    const challenge = drawChallenge(store);
    const begun = await beginStepUp(store, session, "passkey", challenge, now);
    const options = await questionFor(directory, session.account, challenge);
    return ok({ stepUp: begun, options });
  }
  const { account, role } = session;
  const use = { account, role, attempt: session.session, now };
  const checked = await checkStepUp(directory, use, body);
  return checked.ok ? ok({ until: await stepUp(store, session.session, now) }) : checked;
}

async function finish(
  directory: Directory,
  session: Session<"signed-in">,
  id: AttemptId,
  body: StepUpFinish,
  now: number,
): Promise<Result<number, Problem>> {
  const { store } = directory;
  if ("finish" in body) return finishPasswordStepUp(store, session, id, body.finish, now);
  const challenge = await takeStepUp(store, session, "passkey", id, now);
  if (challenge === undefined) return fail({ kind: "code-refused" });
  const checked = await checkPasskey(directory, session.account, challenge, body.assertion);
  return checked.ok ? ok(await stepUp(store, session.session, now)) : checked;
}
