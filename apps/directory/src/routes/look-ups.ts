import { fail, ok, type Result } from "@salus/base";
import { checkPractitioner, verifySigned } from "@salus/evaluate";
import {
  encodeMessage,
  type LookUp,
  lookUpSchema,
  type Problem,
  statusesSchema,
} from "@salus/protocol";
import {
  presentedOf,
  readBody,
  readParameters,
  sendMessage,
  sendProblem,
  useNonce,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { keepStatuses, statusesOf } from "../store/certificate-status.ts";
import { type GoodLookUp, lookUp } from "../store/look-up.ts";
import { checkPlace } from "../store/mailbox.ts";
import { authorize, type Session } from "../store/session.ts";

/** Certificates with keys of suite 1 have two kilobytes each; so do not all come, nor at once. */
const bodyLimit = 65_536;

/** Practitioners look for patients: parse, authorise, judge, look up, reply. */
export function lookUpRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, now } = directory;

  server.post("/v1/look-ups", { bodyLimit }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, lookUpSchema, "look-up");
    if (!body.ok) return sendProblem(reply, body.error);
    const time = now();
    const session = await authorize(store, presentedOf(request), "full", time);
    if (!session.ok) return sendProblem(reply, session.error);
    const good = await judge(directory, session.value, body.value, time);
    if (!good.ok) return sendProblem(reply, good.error);
    const mailbox = await lookUp(store, good.value, time);
    if (!mailbox.ok) return sendProblem(reply, mailbox.error);
    return sendMessage(reply, { mailbox: mailbox.value });
  });

  server.post("/v1/statuses", { bodyLimit }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, statusesSchema, "statuses");
    if (!body.ok) return sendProblem(reply, body.error);
    if (!(await useNonce(store.hasty, presentedOf(request)))) {
      return sendProblem(reply, { kind: "capability-replayed" });
    }
    const kept = await keepStatuses(store, directory.trust, body.value, now());
    return kept.ok ? sendMessage(reply, {}) : sendProblem(reply, kept.error);
  });
}

/**
 * Whether a look-up is a practitioner's, here and now.
 *
 * Fails:   `not-yours` in a session of another role; as `checkPlace` and `checkPractitioner`.
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
  const statuses = await statusesOf(store.db, certificates);
  const credentials = { certificates, attestations };
  const practitioner = checkPractitioner(credentials, signer, trust, statuses, now);
  if (!practitioner.ok) return practitioner;
  const physician = practitioner.value.physician.payload.subject;
  const notice = encodeMessage({ asked, certificates, attestations });
  return ok({ asker: session.account, physician, tag: payload.tag, hash, notice });
}
