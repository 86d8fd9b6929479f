import { randomInt } from "node:crypto";
import { IdentifierTag, phoneProofSchema, registrationSchema } from "@salus/protocol";
import { presentedOf, readBody, readParameters, sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { identifiersOf, registerIdentifier, removeIdentifier } from "../store/identifier.ts";
import { beginPhoneProof, finishPhoneProof } from "../store/phone-proof.ts";
import { authorize } from "../store/session.ts";

const CODES = 100_000_000;
const DIGITS = 8;

/** What an account can be found by. */
export function identifierRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, now } = directory;

  server.post("/v1/identifiers", { bodyLimit: 1024 }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, registrationSchema, "registration");
    if (!body.ok) return sendProblem(reply, body.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const { account } = session.value;
    const { tag, kind, proof } = body.value;
    const proven = proof.length === 2;
    if (proven) {
      const finished = await finishPhoneProof(store, account, tag, proof, now());
      if (!finished.ok) return sendProblem(reply, finished.error);
    }
    const registered = await registerIdentifier(store, { account, tag, kind, proven }, now());
    return registered.ok ? sendMessage(reply, {}) : sendProblem(reply, registered.error);
  });

  server.get("/v1/identifiers", async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const identifiers = await identifiersOf(store.db, session.value.account);
    return sendMessage(reply, { identifiers });
  });

  server.delete("/v1/identifiers/:tag", async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const tag = IdentifierTag.fromHex((request.params as { readonly tag: string }).tag);
    if (!tag.ok) return sendProblem(reply, tag.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    await removeIdentifier(store.db, session.value.account, tag.value);
    return sendMessage(reply, {});
  });

  proofRoute(server, directory);
}

/** A code goes to a number that somebody wants to be found by. */
function proofRoute(server: FastifyInstance, directory: Directory): void {
  const { store, now, sendCode } = directory;
  server.post("/v1/identifiers/proofs", { bodyLimit: 1024 }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, phoneProofSchema, "phone proof");
    if (!body.ok) return sendProblem(reply, body.error);
    const time = now();
    const session = await authorize(store, presentedOf(request), "full", time);
    if (!session.ok) return sendProblem(reply, session.error);
    if (sendCode === undefined) return sendProblem(reply, { kind: "sms-off" });
    const { number } = body.value;
    const { account } = session.value;
    const code = randomInt(CODES).toString().padStart(DIGITS, "0");
    const tag = store.keys.evaluation.tagOf("phone", number);
    const proof = await beginPhoneProof(store, account, tag, code, time);
    const sent = await sendCode({ account, number, code, now: time });
    return sent.ok ? sendMessage(reply.code(202), { proof }) : sendProblem(reply, sent.error);
  });
}
