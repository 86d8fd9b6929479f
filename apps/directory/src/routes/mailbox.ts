import { mailboxId } from "@salus/evaluate";
import { collectionSchema, DISCOVERY, newMailboxSchema, parcelSchema } from "@salus/protocol";
import {
  bodyOf,
  PAGE_WEIGHT,
  presentedOf,
  readBody,
  readNumber,
  readParameters,
  sendMessage,
  sendProblem,
  useNonce,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { accountBox, boxOf, boxPage, removeFrom } from "../store/box.ts";
import { claimMailbox } from "../store/mailbox.ts";
import { deliver } from "../store/parcel.ts";
import { authorize } from "../store/session.ts";

/** Mailboxes, and the parcels in them. */
export function mailboxRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, now } = directory;

  server.put("/v1/mailbox", { bodyLimit: 8192 }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, newMailboxSchema, "mailbox");
    if (!body.ok) return sendProblem(reply, body.error);
    const session = await authorize(store, presentedOf(request), "stepped-up", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const claimed = await claimMailbox(store, session.value, body.value.mailbox, now());
    return claimed.ok ? sendMessage(reply, {}) : sendProblem(reply, claimed.error);
  });

  server.post("/v1/parcels", { bodyLimit: DISCOVERY.parcelBytes }, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const parcel = readBody(request, parcelSchema, "parcel");
    if (!parcel.ok) return sendProblem(reply, parcel.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const bytes = Uint8Array.from(bodyOf(request));
    const sent = await deliver(store, session.value.account, parcel.value, bytes, now());
    return sent.ok ? sendMessage(reply, {}) : sendProblem(reply, sent.error);
  });

  server.get("/v1/parcels", { config: { weight: PAGE_WEIGHT } }, async (request, reply) => {
    const parameters = readParameters(request, { after: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const box = accountBox(session.value.account);
    return sendMessage(reply, await boxPage(store.db, box, parameters.value.after ?? 0));
  });

  server.delete("/v1/parcels/:number", async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const number = readNumber((request.params as { readonly number: string }).number);
    if (!number.ok) return sendProblem(reply, number.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    await removeFrom(store.db, accountBox(session.value.account), [number.value]);
    return sendMessage(reply, {});
  });

  collectionRoute(server, directory);
}

/** An invitation's mailbox is read by whoever has its key. */
function collectionRoute(server: FastifyInstance, { store }: Directory): void {
  const options = { bodyLimit: 8192, config: { weight: PAGE_WEIGHT } };
  server.post("/v1/collections", options, async (request, reply) => {
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, collectionSchema, "collection");
    if (!body.ok) return sendProblem(reply, body.error);
    const presented = presentedOf(request);
    if (!(await useNonce(store.hasty, presented))) {
      return sendProblem(reply, { kind: "capability-replayed" });
    }
    const box = await boxOf(store.db, mailboxId(presented.signer));
    if (box.claimed) return sendProblem(reply, { kind: "not-yours" });
    await removeFrom(store.db, box, body.value.done);
    return sendMessage(reply, await boxPage(store.db, box, body.value.after));
  });
}
