import { fail, ok, type Result } from "@salus/base";
import {
  type Problem,
  type SignInFinished,
  secondProofSchema,
  signInFinishSchema,
  signInStartSchema,
} from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { checkFactor, usableFactors } from "../factors/factors.ts";
import {
  endSignIn,
  type ProvenSignIn,
  proveSignIn,
  startSignIn,
  trySecond,
} from "../store/sign-in.ts";
import { askedByKey, SMALL_BODY } from "./asked.ts";
import { attemptOf } from "./attempt-path.ts";

/** An assertion of a passkey is the longest that a second factor shows. */
const PROOF_BODY = 32_768;

/** Signing in: the password, then a second factor where one is needed. */
export function signInRoutes(server: FastifyInstance, directory: Directory): void {
  const { store } = directory;

  server.post("/v1/sign-ins", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: signInStartSchema, what: "sign-in" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const started = await startSignIn(store, key, body, time);
    return started.ok ? sendMessage(reply, started.value) : sendProblem(reply, started.error);
  });

  server.post("/v1/sign-ins/:id/finish", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const signIn = attemptOf(request);
    if (!signIn.ok) return sendProblem(reply, signIn.error);
    const wanted = { schema: signInFinishSchema, what: "sign-in" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const proven = await proveSignIn(store, key, signIn.value, body.finish, time);
    if (!proven.ok) return sendProblem(reply, proven.error);
    const finished = await afterPassword(directory, proven.value, time);
    return finished.ok ? sendMessage(reply, finished.value) : sendProblem(reply, finished.error);
  });

  server.post("/v1/sign-ins/:id/second", { bodyLimit: PROOF_BODY }, async (request, reply) => {
    const signIn = attemptOf(request);
    if (!signIn.ok) return sendProblem(reply, signIn.error);
    const wanted = { schema: secondProofSchema, what: "second factor" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const waiting = await trySecond(store, key, signIn.value, time);
    if (!waiting.ok) return sendProblem(reply, waiting.error);
    const use = { ...waiting.value, attempt: signIn.value, now: time };
    const checked = await checkFactor(directory, use, body);
    if (!checked.ok) return sendProblem(reply, checked.error);
    const session = { key, role: use.role, limited: false };
    const opened = await endSignIn(store, signIn.value, session, time);
    return opened.ok ? sendMessage(reply, opened.value) : sendProblem(reply, opened.error);
  });
}

/**
 * What a right password leads to: a session for a device's own key, one that may only add a factor
 * where there is none, and otherwise the question which factor it is to be.
 *
 * Fails:   `no-second-factor`: none that the account has may be used here.
 */
async function afterPassword(
  directory: Directory,
  { signIn, key, role, device, kinds }: ProvenSignIn,
  time: number,
): Promise<Result<SignInFinished, Problem>> {
  const { store } = directory;
  if (device || kinds.length === 0) {
    const opened = await endSignIn(store, signIn, { key, role, limited: !device }, time);
    return opened.ok ? ok({ factors: [], session: opened.value }) : opened;
  }
  const factors = usableFactors(directory, role, kinds);
  if (factors.length === 0) return fail({ kind: "no-second-factor" });
  return ok({ factors, session: null });
}
