import {
  historyQuestionSchema,
  LIMITS,
  recordsQuestionSchema,
  revisionsQuestionSchema,
} from "@salus/protocol";
import {
  PAGE_WEIGHT,
  presentedOf,
  readBody,
  readParameters,
  sendMessage,
  sendProblem,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";
import { authorize } from "../store/access.ts";
import { historyPage } from "../store/history.ts";
import { recordPage, revisionsOf } from "../store/record-page.ts";
import { noteAccess } from "../store/trail.ts";
import { refusedSource } from "./batches.ts";
import { accessNote } from "./trail.ts";
import { vaultOf } from "./vault-path.ts";

/** Records as they are stored, for who opens, verifies or updates them. */
export function recordRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store } = cloud;
  const bodyLimit = LIMITS.queryBytes;

  server.post(
    "/v1/vaults/:vault/records",
    { bodyLimit, config: { weight: PAGE_WEIGHT } },
    async (request, reply) => {
      const vault = vaultOf(request);
      if (!vault.ok) return sendProblem(reply, vault.error);
      const parameters = readParameters(request, {});
      if (!parameters.ok) return sendProblem(reply, parameters.error);
      const question = readBody(request, recordsQuestionSchema, "records question");
      if (!question.ok) return sendProblem(reply, question.error);
      const presented = presentedOf(request);
      const access = await authorize(store, presented, vault.value, "list-records", cloud.now());
      if (!access.ok) return sendProblem(reply, access.error);
      const refused = refusedSource(access.value, question.value.source);
      if (refused !== undefined) return sendProblem(reply, refused);
      const note = accessNote(request, presented, access.value, "records");
      if (!note.ok) return sendProblem(reply, note.error);
      const page = await recordPage(store.db, access.value, question.value);
      await noteAccess(store, access.value.vault, note.value, page.records.length);
      return sendMessage(reply, page);
    },
  );

  server.post(
    "/v1/vaults/:vault/history",
    { bodyLimit, config: { weight: PAGE_WEIGHT } },
    async (request, reply) => {
      const vault = vaultOf(request);
      if (!vault.ok) return sendProblem(reply, vault.error);
      const parameters = readParameters(request, {});
      if (!parameters.ok) return sendProblem(reply, parameters.error);
      const question = readBody(request, historyQuestionSchema, "history question");
      if (!question.ok) return sendProblem(reply, question.error);
      const presented = presentedOf(request);
      const access = await authorize(store, presented, vault.value, "read-history", cloud.now());
      if (!access.ok) return sendProblem(reply, access.error);
      const note = accessNote(request, presented, access.value, "history");
      if (!note.ok) return sendProblem(reply, note.error);
      const page = await historyPage(store.db, access.value, question.value);
      await noteAccess(store, access.value.vault, note.value, page.revisions.length);
      return sendMessage(reply, page);
    },
  );

  server.post("/v1/vaults/:vault/revisions", { bodyLimit }, async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const question = readBody(request, revisionsQuestionSchema, "revisions question");
    if (!question.ok) return sendProblem(reply, question.error);
    const presented = presentedOf(request);
    const access = await authorize(store, presented, vault.value, "read-revisions", cloud.now());
    if (!access.ok) return sendProblem(reply, access.error);
    const revisions = await revisionsOf(store.db, access.value, question.value.records);
    return sendMessage(reply, { revisions });
  });
}
