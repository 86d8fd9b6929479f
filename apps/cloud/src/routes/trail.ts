import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import { type Presented, trailNonce } from "@salus/evaluate";
import { type Malformed, parseTrailEntry, TRAIL_BYTES_MAX, type TrailRoute } from "@salus/protocol";
import {
  capabilityOf,
  presentedOf,
  readNumber,
  readParameters,
  sendMessage,
  sendProblem,
} from "@salus/service";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Cloud } from "../context.ts";
import { type Access, authorize } from "../store/access.ts";
import { type AccessNote, trailPage } from "../store/trail.ts";
import { vaultOf } from "./vault-path.ts";

/** What grantees did, and the log of it, for the patient: parse, authorise, read, reply. */
export function trailRoutes(server: FastifyInstance, cloud: Cloud): void {
  const { store, merkleLog } = cloud;

  server.get("/v1/vaults/:vault/trail", async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, { from: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const access = await authorize(
      ...([store, presentedOf(request), vault.value, "read-log", cloud.now()] as const),
    );
    if (!access.ok) return sendProblem(reply, access.error);
    return sendMessage(reply, await trailPage(store.db, access.value, parameters.value.from ?? 0));
  });

  server.get("/v1/vaults/:vault/log", async (request, reply) => {
    const vault = vaultOf(request);
    if (!vault.ok) return sendProblem(reply, vault.error);
    const parameters = readParameters(request, { from: readNumber, size: readNumber });
    if (!parameters.ok) return sendProblem(reply, parameters.error);
    const { from = 0, size } = parameters.value;
    if (size === undefined) return sendProblem(reply, { kind: "malformed", what: "size" });
    const access = await authorize(
      ...([store, presentedOf(request), vault.value, "read-log", cloud.now()] as const),
    );
    if (!access.ok) return sendProblem(reply, access.error);
    const page = await merkleLog.ownLeaves(access.value.vault, from, size);
    return page.ok ? sendMessage(reply, page.value) : sendProblem(reply, page.error);
  });
}

/** The entry, in base64url without padding. */
const HEADER = "salus-trail";

/** Why a grantee's request is not answered before it says what it is. Spec: log §2. */
export type TrailError = Malformed | { readonly kind: "trail-missing" };

/**
 * What a request of a grantee leaves behind; nothing for anybody else's.
 *
 * Sees:    who asks under which grant. Not what the entry says: only the patient can open it.
 * Fails:   `trail-missing` where the chain has a trail key and the request no entry. `malformed`: it is
 *          no entry, is for another suite, or not the one that the capability was signed with.
 */
export function accessNote(
  request: FastifyRequest,
  presented: Presented,
  { chain, role }: Access<"query" | "list-records" | "read-history" | "list-batches">,
  route: TrailRoute,
): Result<AccessNote | undefined, TrailError> {
  if (role.role !== "grantee") return ok(undefined);
  const note = { route, grant: presented.grant, capability: capabilityOf(request) };
  if (chain.trail === undefined) return ok({ ...note, entry: new Uint8Array(0) });
  const header = request.headers[HEADER];
  if (typeof header !== "string") return fail({ kind: "trail-missing" });
  const entry = readEntry(header);
  const wrap = entry.ok ? parseTrailEntry(entry.value) : entry;
  if (!entry.ok || !wrap.ok) return MALFORMED;
  const meant =
    wrap.value.suite === chain.trail.suite && equalBytes(trailNonce(entry.value), presented.nonce);
  return meant ? ok({ ...note, entry: entry.value }) : MALFORMED;
}

const MALFORMED: Result<never, Malformed> = fail({ kind: "malformed", what: "trail entry" });

function readEntry(header: string): Result<Bytes, Malformed> {
  const bytes = Uint8Array.from(Buffer.from(header, "base64url"));
  const same = Buffer.from(bytes).toString("base64url") === header;
  return same && bytes.length <= TRAIL_BYTES_MAX ? ok(bytes) : MALFORMED;
}
