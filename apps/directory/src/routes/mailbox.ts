import { mailboxId } from "@salus/evaluate";
import { collectionSchema, DISCOVERY, newMailboxSchema, parcelSchema } from "@salus/protocol";
import {
  bodyOf,
  PAGE_WEIGHT,
  presentedOf,
  readNumber,
  readParameters,
  sendMessage,
  sendProblem,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Directory } from "../context.ts";
import { accountBox, boxOf, boxPage, removeFrom } from "../store/box.ts";
import { claimMailbox } from "../store/mailbox.ts";
import { deliver } from "../store/parcel.ts";
import { authorize } from "../store/session.ts";
import { askedByKey, askedInSession, askedWithoutBody } from "./asked.ts";

/** Of a claim, which holds a key of suite 1, and of a list of numbers. */
const MIDDLE_BODY = 4096;

/** Mailboxes, and the parcels in them. */
export function mailboxRoutes(server: FastifyInstance, directory: Directory): void {
  const { store } = directory;

  server.put("/v1/mailbox", { bodyLimit: MIDDLE_BODY }, async (request, reply) => {
    const wanted = { schema: newMailboxSchema, what: "mailbox" };
    const asked = await askedInSession(directory, request, "stepped-up", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const claimed = await claimMailbox(store, session, body.mailbox, time);
    return claimed.ok ? sendMessage(reply, {}) : sendProblem(reply, claimed.error);
  });

  server.post("/v1/parcels", { bodyLimit: DISCOVERY.parcelBytes }, async (request, reply) => {
    const wanted = { schema: parcelSchema, what: "parcel" };
    const asked = await askedInSession(directory, request, "full", wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { session, body, time } = asked.value;
    const bytes = Uint8Array.from(bodyOf(request));
    const delivery = { parcel: body, bytes, notify: directory.sms };
    const sent = await deliver(store, session.account, delivery, time);
    return sent.ok ? sendMessage(reply, {}) : sendProblem(reply, sent.error);
  });

  readingRoutes(server, directory);
}

function readingRoutes(server: FastifyInstance, directory: Directory): void {
  const { store, now } = directory;
  const config = { weight: PAGE_WEIGHT };

  server.get("/v1/parcels", { config }, async (request, reply) => {
    const parameters = readParameters(request, { after: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const session = await authorize(store, presentedOf(request), "full", now());
    if (!session.ok) return sendProblem(reply, session.error);
    const box = accountBox(session.value.account);
    return sendMessage(reply, await boxPage(store.db, box, parameters.value.after ?? 0));
  });

  server.delete("/v1/parcels/:number", async (request, reply) => {
    const number = readNumber((request.params as { readonly number: string }).number);
    if (!number.ok) return sendProblem(reply, number.error);
    const asked = await askedWithoutBody(directory, request, "full");
    if (!asked.ok) return sendProblem(reply, asked.error);
    await removeFrom(store.db, accountBox(asked.value.session.account), [number.value]);
    return sendMessage(reply, {});
  });

  // An invitation's mailbox is read by whoever has its key.
  server.post("/v1/collections", { bodyLimit: MIDDLE_BODY, config }, async (request, reply) => {
    const wanted = { schema: collectionSchema, what: "collection" };
    const asked = await askedByKey(directory, request, wanted);
    if (!asked.ok) return sendProblem(reply, asked.error);
    const { key, body } = asked.value;
    const box = await boxOf(store.db, mailboxId(key));
    if (box.claimed) return sendProblem(reply, { kind: "not-yours" });
    await removeFrom(store.db, box, body.done);
    return sendMessage(reply, await boxPage(store.db, box, body.after));
  });
}
