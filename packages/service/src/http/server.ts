import type { Presented } from "@salus/evaluate";
import { CBOR_MEDIA, isProblemKind, LIMITS } from "@salus/protocol";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { ServiceContext } from "../context.ts";
import { callerOf, keyName, matchesBody } from "./caller.ts";
import { problemOf, sendProblem } from "./problem.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks, on routes that are not public. */
    presented: Presented | undefined;
    /** To be called when the request is over, whether it was answered or not. */
    releases: (() => void)[];
  }
  interface FastifyReply {
    /** The kind of error that was answered. */
    problem: string | undefined;
  }
  interface FastifyContextConfig {
    /** Whoever may ask without a capability. */
    readonly open?: boolean;
    /** What an answer may hold in memory; an upload is weighed by its body. */
    readonly weight?: number;
  }
}

/** No answer is kept by anybody on the way, nor taken for something else by a browser. */
const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** A page of eight megabytes is held by the driver as text, as bytes and as CBOR. */
export const PAGE_WEIGHT: number = 3 * LIMITS.pageBytes;
/** A body is held as it came, decoded, and as parameters of statements. */
const BODY_WEIGHT = 3;

/** What the shell needs of a service: all but its database. */
type Shell = Omit<ServiceContext<never>, "database">;

/** The HTTP shell: limits, who asks, errors, logs. Routes are registered by the caller. */
export function openServer(service: Shell): FastifyInstance {
  const server = fastify({
    bodyLimit: LIMITS.bodyBytes,
    requestTimeout: 60_000,
    connectionTimeout: 120_000,
    keepAliveTimeout: 30_000,
    // A longer one is refused below, by a check that answers with its own kind.
    routerOptions: { maxParamLength: LIMITS.urlBytes, querystringParser: () => ({}) },
    http: { maxHeaderSize: LIMITS.headerBytes, headersTimeout: 10_000 },
    clientErrorHandler: (error, socket) => {
      const large = (error as { code?: string }).code === "HPE_HEADER_OVERFLOW";
      socket.end(rawProblem(large));
    },
    // An address that is no URL reaches no route, and no hook.
    frameworkErrors: (error, _, reply) => {
      void sendProblem(reply.headers(HEADERS), problemOf(error));
    },
    return503OnClosing: true,
    exposeHeadRoutes: false,
  });
  server.decorateRequest("presented", undefined);
  server.decorateRequest("releases");
  server.decorateReply("problem", undefined);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(CBOR_MEDIA, { parseAs: "buffer" }, (_, body, done) => {
    done(null, body);
  });
  server.addHook("onRequest", async (request, reply) => {
    request.releases = [];
    void reply.headers(HEADERS);
    return admit(service, request, reply);
  });
  server.addHook("preHandler", async (request, reply) => checkBody(request, reply));
  server.addHook("onResponse", async (request, reply) => {
    for (const release of request.releases) release();
    account(service, request, reply);
  });
  server.addHook("onRequestAbort", async (request) => {
    for (const release of request.releases) release();
  });
  server.setNotFoundHandler((_, reply) => sendProblem(reply, { kind: "no-such-route" }));
  server.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.kind === "internal" || problem.kind === "unavailable") {
      logFault(service, request, error);
    }
    return sendProblem(reply, problem);
  });
  return server;
}

/** Let a request in, or answer with why not. Its body has not been read. */
async function admit(
  service: Shell,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if ((request.raw.url ?? "").length > LIMITS.urlBytes) {
    return sendProblem(reply, { kind: "too-large" });
  }
  const { config } = request.routeOptions;
  if (request.is404 || config.open) return undefined;
  const caller = callerOf(service, request);
  if (!caller.ok) return sendProblem(reply, caller.error);
  const done = service.turns.take(keyName(caller.value));
  if (done === undefined) return sendProblem(reply, { kind: "too-many" });
  request.releases.push(done);
  const weight = config.weight ?? BODY_WEIGHT * announced(request);
  if (weight > 0) {
    const leave = await service.admission.enter(weight);
    if (leave === undefined) return sendProblem(reply, { kind: "unavailable" });
    request.releases.push(leave);
    if (request.raw.destroyed) for (const release of request.releases) release();
  }
  request.presented = caller.value;
  return undefined;
}

/**
 * How long a body says it is. One that comes in pieces does not say so, and may be as long as any; a
 * request that says neither has none (RFC 9112 §6.3).
 */
function announced(request: FastifyRequest): number {
  if (request.method === "GET") return 0;
  const { "content-length": said, "transfer-encoding": pieces } = request.headers;
  if (pieces !== undefined) return LIMITS.bodyBytes;
  const length = Number(said ?? 0);
  return Number.isSafeInteger(length) ? Math.min(length, LIMITS.bodyBytes) : LIMITS.bodyBytes;
}

async function checkBody(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (request.presented === undefined) return undefined;
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const matched = matchesBody(request.presented, body);
  return matched.ok ? undefined : sendProblem(reply, matched.error);
}

/** One line for each request: what kind, how large, how long. No handle, key or value is in it. */
function account(service: Shell, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.is404 ? "none" : (request.routeOptions.url ?? "none");
  const received = request.raw.socket.destroyed
    ? 0
    : Number(request.headers["content-length"] ?? 0);
  const sent = Number(reply.getHeader("content-length") ?? 0);
  const seconds = reply.elapsedTime / 1000;
  const labels = { method: request.method, route, status: String(reply.statusCode) };
  service.metrics.requests.observe(labels, seconds);
  service.metrics.received.inc(Number.isFinite(received) ? received : 0);
  service.metrics.sent.inc(Number.isFinite(sent) ? sent : 0);
  const kind = reply.problem;
  if (kind !== undefined && isProblemKind(kind)) service.metrics.problems.inc({ kind });
  const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
  service.log.info({ ...labels, status: reply.statusCode, milliseconds, received, sent, kind });
}

/** A fault of ours or of the database: its place and code, and no values, which messages may hold. */
function logFault(service: Shell, request: FastifyRequest, error: unknown): void {
  const { code, name, stack } = error as { code?: unknown; name?: unknown; stack?: unknown };
  const frames =
    typeof stack === "string" ? stack.split("\n").filter((l) => /^\s+at /.test(l)) : [];
  const bug =
    error instanceof Error && error.message.startsWith("bug: ") ? error.message : undefined;
  const route = request.routeOptions.url ?? "none";
  service.log.error({ route, code, name, bug, at: frames.slice(0, 8).map((line) => line.trim()) });
}

/** The answer to what is no HTTP request, written without the framework. */
function rawProblem(large: boolean): string {
  const status = large ? 413 : 400;
  const title = large ? "too large" : "malformed";
  const fields = large ? { kind: "too-large" } : { kind: "malformed", what: "request" };
  const body = JSON.stringify({ type: "about:blank", title, status, ...fields });
  return [
    `HTTP/1.1 ${status} ${large ? "Content Too Large" : "Bad Request"}`,
    "content-type: application/problem+json",
    `content-length: ${body.length}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
