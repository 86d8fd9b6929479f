import { IdentifierTag, phoneProofSchema, registrationSchema } from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { identifiersOf, registerIdentifier, removeIdentifier } from "../store/identifier.ts";
import { beginPhoneProof, finishPhoneProof } from "../store/phone-proof.ts";
import { drawCode } from "../store/sms-code.ts";
import { withinBudget } from "../store/sms-limit.ts";
import { askedInSession, askedWithoutBody, SMALL_BODY } from "./asked.ts";

/** What an account can be found by. */
export function identifierRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, texts } = directory;

  server.post("/v1/identifiers", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: registrationSchema, what: "registration" };
    const asked = await askedInSession(directory, request, "full", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const { account } = session;
    const { tag, kind, proof } = body;
    const proven = proof.length === 2;
    if (proven) {
      const look = (): ReturnType<typeof finishPhoneProof> =>
        finishPhoneProof(store, account, tag, proof, time);
      const finished = await (texts === undefined
        ? look()
        : withinBudget(store, "proof", texts.limits, time, look));
      if (!finished.ok) return sendProblem(reply, finished.error);
    }
    const registered = await registerIdentifier(store, { account, tag, kind, proven }, time);
    return registered.ok ? sendMessage(reply, {}) : sendProblem(reply, registered.error);
  });

  server.get("/v1/identifiers", async (request, reply) => {
    const asked = await askedWithoutBody(directory, request, "full");
    if (!asked.ok) return sendProblem(reply, asked.error);
    const identifiers = await identifiersOf(store.db, asked.value.session.account);
    return sendMessage(reply, { identifiers });
  });

  server.delete("/v1/identifiers/:tag", async (request, reply) => {
    const tag = IdentifierTag.fromHex((request.params as { readonly tag: string }).tag);
    if (!tag.ok) return sendProblem(reply, tag.error);
    const asked = await askedWithoutBody(directory, request, "full");
    if (!asked.ok) return sendProblem(reply, asked.error);
    await removeIdentifier(store.db, asked.value.session.account, tag.value);
    return sendMessage(reply, {});
  });

  proofRoute(server, directory);
}

/** A code goes to a number that somebody wants to be found by. */
function proofRoute(server: FastifyInstance, directory: Directory): void {
  const { store, sendCode } = directory;
  server.post("/v1/identifiers/proofs", { bodyLimit: SMALL_BODY }, async (request, reply) => {
    const wanted = { schema: phoneProofSchema, what: "phone proof" };
    const asked = await askedInSession(directory, request, "full", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    if (sendCode === undefined) return sendProblem(reply, { kind: "sms-off" });
    const { session, body, time } = asked.value;
    const { account } = session;
    const code = drawCode(store.random);
    // Whether the account may name another number is found first: what follows is work, and a row.
    const sent = await sendCode({ account, number: body.number, code, now: time });
    if (!sent.ok) return sendProblem(reply, sent.error);
    const tag = store.keys.evaluation.tagOf("phone", body.number);
    const proof = await beginPhoneProof(store, account, tag, code, time);
    return sendMessage(reply.code(202), { proof });
  });
}
