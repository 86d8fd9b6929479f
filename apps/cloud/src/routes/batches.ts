import { equalBytes } from "@salus/base";
import { named } from "@salus/evaluate";
import { type Problem, parseUpload, SourceHandle } from "@salus/protocol";
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
import type { Cloud } from "../context.ts";
import { type Access, authorize } from "../store/access.ts";
import { storeBatch } from "../store/batch.ts";
import { batchPage } from "../store/batch-page.ts";
import { noteAccess } from "../store/trail.ts";
import { accessNote } from "./trail.ts";
import { vaultOf } from "./vault-path.ts";

/** What sources upload, and what readers verify it by. */
export function batchRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store } = cloud;
  const path = "/v1/vaults/:vault/batches";

  server.post(path, async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const presented = presentedOf(request);
    const access = await authorize(store, presented, vault.value, "upload", cloud.now());
    if (!access.ok) return sendProblem(reply, access.error);
    // Who may not upload learns so before the upload is decoded, which is the dear part.
    const upload = parseUpload(bodyOf(request));
    if (!upload.ok) return sendProblem(reply, upload.error);
    const receipt = await storeBatch(store, access.value, upload.value);
    return receipt.ok ? sendMessage(reply, receipt.value) : sendProblem(reply, receipt.error);
  });

  server.get(path, { config: { weight: PAGE_WEIGHT } }, async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, {
      source: SourceHandle.fromHex,
      from: readNumber,
    });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const { source, from } = parameters.value;
    if (source === undefined) return sendProblem(reply, { kind: "malformed", what: "source" });
    const presented = presentedOf(request);
    const access = await authorize(store, presented, vault.value, "list-batches", cloud.now());
    if (!access.ok) return sendProblem(reply, access.error);
    const refused = refusedSource(access.value, source);
    if (refused !== undefined) return sendProblem(reply, refused);
    const note = accessNote(request, presented, access.value, "batches");
    if (!note.ok) return sendProblem(reply, note.error);
    const page = await batchPage(store.db, access.value, source, from ?? 1);
    await noteAccess(store, access.value.vault, note.value, page.batches.length);
    return sendMessage(reply, page);
  });
}

/**
 * Why somebody may not be shown what a source uploaded. A source that the patient has ended is hidden
 * from grantees, here as in queries.
 */
export function refusedSource(
  { chain, role }: Access<"list-batches"> | Access<"list-records">,
  source: SourceHandle,
): Problem | undefined {
  const known = named(chain.sources, source);
  if (known === undefined) return { kind: "unknown-source" };
  switch (role.role) {
    case "device":
      return undefined;
    case "source":
      return equalBytes(role.source.source, source) ? undefined : { kind: "not-yours" };
    case "grantee": {
      const { sources } = role.allowed;
      if (!sources.some((one) => equalBytes(one, source))) return { kind: "outside-grant" };
      return known.status === "live" ? undefined : { kind: "not-live" };
    }
  }
}
