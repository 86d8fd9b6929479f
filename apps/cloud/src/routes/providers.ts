import { equalBytes, fail, ok, type Result } from "@salus/base";
import { type StatementError, verifyRegistryEntry } from "@salus/evaluate";
import { certificatesPostSchema, RegistryPosition, type VerifyKey } from "@salus/protocol";
import {
  presentedOf,
  readBody,
  readParameters,
  sendMessage,
  sendProblem,
  useNonce,
} from "@salus/service";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../context.ts";
import { keepEntries, registryPage, type SignedEntry } from "../store/registry.ts";

/** The public registry of providers: each certificate, status and attestation comes from its signer. */
export function providerRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store } = cloud;

  server.post("/v1/providers", async (request, reply) => {
    const presented = presentedOf(request);
    const parameters = readParameters(request, {});
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const body = readBody(request, certificatesPostSchema, "certificates");
    if (!body.ok) return sendProblem(reply, body.error);
    const verified = verifyAll(body.value.certificates, presented.signer);
    if (!verified.ok) return sendProblem(reply, verified.error);
    if (!(await useNonce(store.hasty, presented))) {
      return sendProblem(reply, { kind: "capability-replayed" });
    }
    const stored = await keepEntries(store, verified.value);
    return stored.ok
      ? sendMessage(reply, { stored: stored.value })
      : sendProblem(reply, stored.error);
  });

  server.get("/v1/providers", { config: { open: true } }, async (request, reply) => {
    const parameters = readParameters(request, { after: RegistryPosition.fromHex });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    return sendMessage(reply, await registryPage(store.db, parameters.value.after));
  });
}

/** Verify entries, all of which the one who hands them in must have signed. */
function verifyAll(
  entries: readonly SignedEntry["bytes"][],
  signer: VerifyKey,
): Result<readonly SignedEntry[], StatementError | { readonly kind: "not-yours" }> {
  const verified: SignedEntry[] = [];
  for (const bytes of entries) {
    const statement = verifyRegistryEntry(bytes);
    if (!statement.ok) return statement;
    if (!equalBytes(statement.value.signer, signer)) return fail({ kind: "not-yours" });
    verified.push({ statement: statement.value, bytes });
  }
  return ok(verified);
}
