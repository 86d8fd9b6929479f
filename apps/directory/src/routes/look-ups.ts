import { fail, ok, type Result } from "@salus/base";
import { checkPractitioner, verifySigned } from "@salus/evaluate";
import {
  encodeMessage,
  type LookUp,
  lookUpSchema,
  type Problem,
  statusesSchema,
} from "@salus/protocol";
import { sendMessage, sendProblem } from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { keepStatuses, statusesOf } from "../store/certificate-status.ts";
import { type GoodLookUp, lookUp } from "../store/look-up.ts";
import { checkPlace } from "../store/mailbox.ts";
import type { Session } from "../store/session.ts";
import { askedByKey, askedInSession } from "./asked.ts";

/** A certificate with a key of suite 1 has two kilobytes. */
const CERTIFICATES_BODY = 65_536;

/** Practitioners look for patients: parse, authorise, judge, look up, reply. */
export function lookUpRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, trust } = directory;
  const options = { bodyLimit: CERTIFICATES_BODY };

  server.post("/v1/look-ups", options, async (request, reply) => {
    const wanted = { schema: lookUpSchema, what: "look-up" };
    const asked = await askedInSession(directory, request, "full", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const good = await judge(directory, session, body, time);
    if (!good.ok) return sendProblem(reply, good.error);
    const mailbox = await lookUp(store, good.value, time);
    if (!mailbox.ok) return sendProblem(reply, mailbox.error);
    return sendMessage(reply, { mailbox: mailbox.value });
  });

  server.post("/v1/statuses", options, async (request, reply) => {
    const wanted = { schema: statusesSchema, what: "statuses" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { body, time } = asked.value;
    const kept = await keepStatuses(store, trust, body, time);
    return kept.ok ? sendMessage(reply, {}) : sendProblem(reply, kept.error);
  });
}

/**
 * Whether a look-up is a practitioner's, here and now.
 *
 * Fails:   `not-yours` in a session of another role; `no-authority`: nobody is believed here; as `checkPlace` and `checkPractitioner`.
 */
async function judge(
  { store, trust }: Directory,
  session: Session<"full">,
  { asked, certificates, attestations }: LookUp,
  now: number,
): Promise<Result<GoodLookUp, Problem>> {
  if (session.role !== "practitioner") return fail({ kind: "not-yours" });
  const statement = verifySigned("look-up", asked);
  if (!statement.ok) return statement;
  const { payload, signer, hash } = statement.value;
  const placed = checkPlace(store, session, payload, now);
  if (!placed.ok) return placed;
  // Then it is not her certificates that are amiss.
  if (trust.authorities.length === 0) return fail({ kind: "no-authority" });
  const statuses = await statusesOf(store.db, certificates);
  const credentials = { certificates, attestations };
  const practitioner = checkPractitioner(credentials, signer, trust, statuses, now);
  if (!practitioner.ok) return practitioner;
  const physician = practitioner.value.physician.payload.subject;
  const notice = encodeMessage({ asked, certificates, attestations });
  return ok({ asker: session.account, physician, tag: payload.tag, hash, notice });
}
