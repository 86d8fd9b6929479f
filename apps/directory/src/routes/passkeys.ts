import { passkeyAttestationSchema, passkeyQuestionSchema } from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { askPasskey, confirmPasskey, draftPasskey } from "../factors/passkey.ts";
import { waitingSignIn } from "../store/sign-in.ts";
import { askedByKey, askedInSession, NOTHING, SMALL_BODY } from "./asked.ts";

/** Some authenticators attest at length. */
const ATTESTATION_BODY = 32_768;

/** Passkeys as second factors: adding one, and asking for one. */
export function passkeyRoutes(server: FastifyInstance, directory: Directory): void {
  server.post("/v1/factors/passkey", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const asked = await askedInSession(directory, request, "add-factor", NOTHING);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, time } = asked.value;
    return sendMessage(reply, { options: await draftPasskey(directory, session, time) });
  });

  const finish = { bodyLimit: ATTESTATION_BODY };
  server.post("/v1/factors/passkey/finish", finish, async (request, reply) => {
    const wanted = { schema: passkeyAttestationSchema, what: "attestation" };
    const asked = await askedInSession(directory, request, "add-factor", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const confirmed = await confirmPasskey(directory, session, body.attestation, time);
    return confirmed.ok ? sendMessage(reply, {}) : sendProblem(reply, confirmed.error);
  });

  server.post("/v1/passkeys/options", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: passkeyQuestionSchema, what: "sign-in" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body, time } = asked.value;
    const waiting = await waitingSignIn(directory.store, key, body.signIn, time);
    if (waiting === undefined) return sendProblem(reply, { kind: "code-refused" });
    const options = await askPasskey(directory, waiting.account, body.signIn, time);
    return sendMessage(reply, { options });
  });
}
