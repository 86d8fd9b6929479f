import { randomUUID } from "node:crypto";
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from "fastify";
import { encodeOutcome, type Outcome, refusal } from "../outcome.ts";
import { FHIR_JSON } from "./formats.ts";
import { sendOutcome } from "./sending.ts";

/** Where lines of the log go. */
export interface LogStream {
  write(line: string): void;
}

export interface ServerOptions {
  readonly log: LogStream;
  /** PEM; without it, plain HTTP. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
}

/** The largest body that is read. */
const BODY_BYTES: number = 8 * 1024 * 1024;
const HEADER_BYTES = 32_768;
const REQUEST_MS = 120_000;
const CONNECTION_MS = 300_000;
const KEEP_ALIVE_MS = 30_000;
const HEADERS_MS = 10_000;

/** No answer is kept by anybody on the way, nor taken for a page. */
const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

/** The HTTP shell: limits, errors, log. Routes are registered by the caller. */
export function openServer({ log, tls }: ServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    connectionTimeout: CONNECTION_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: HEADER_BYTES, querystringParser: () => ({}) },
    http: { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS },
    ...(tls && {
      https: {
        ...{ cert: tls.certificate, key: tls.key, minVersion: "TLSv1.2" },
        ...{ maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS },
      },
    }),
    // What the framework itself says of a request would hold its address.
    logController: new LogController({ disableRequestLogging: true }),
    logger: {
      stream: log,
      base: null,
      serializers: { req: () => ({}), res: () => ({}), err: bare },
    },
    return503OnClosing: true,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _, reply) => void sendOutcome(reply, outcomeOf(error), false),
    clientErrorHandler: (error, socket) => {
      const large = (error as { code?: string }).code === "HPE_HEADER_OVERFLOW";
      if (socket.writable) socket.end(rawOutcome(large));
      else socket.destroy();
    },
  }) as unknown as FastifyInstance;
  server.decorateRequest("pattern", undefined);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
  server.addHook("onRequest", async (request, reply) => {
    void reply.headers({ ...HEADERS, "x-request-id": requestIdOf(request) });
  });
  server.addHook("onResponse", async (request, reply) => account(server, request, reply));
  server.setNotFoundHandler((_, reply) =>
    sendOutcome(reply, refusal(404, "not-found", "There is nothing at this address."), false),
  );
  server.setErrorHandler((error, request, reply) => {
    const outcome = outcomeOf(error);
    if (outcome.status >= 500) server.log.error({ ...bare(error), route: request.pattern });
    return sendOutcome(reply, outcome, false);
  });
  return server;
}

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The client's own name for its request, where it can stand in a header; otherwise one of ours. */
function requestIdOf({ headers }: FastifyRequest): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
}

/** One line for each request. Addresses, queries and bodies hold what is known of people, and stay out. */
function account(server: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
  const route = request.pattern ?? (request.is404 ? "none" : (request.routeOptions.url ?? "none"));
  server.log.info({ method: request.method, route, status: reply.statusCode, milliseconds });
}

interface Bare {
  readonly [name: string]: unknown;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** What a log may hold of an error: where it happened, and no text, which may hold anything. */
function bare(error: unknown): Bare {
  const { name, code, stack, message } = error as Partial<Error> & { readonly code?: unknown };
  const lines = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const bug = message?.startsWith("bug: ") ? message : "";
  return { type: name ?? "", message: bug, stack: lines.slice(0, 8).join("\n"), code };
}

/** What to say of an error of the framework. Its own are about how a request was sent; others are bugs. */
function outcomeOf(error: unknown): Outcome {
  const { code, statusCode: status } = error as { code?: unknown; statusCode?: unknown };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return refusal(413, "too-long", `A body has at most ${BODY_BYTES} bytes.`);
  }
  if (status === 415) {
    return refusal(415, "not-supported", "The Content-Type of the body cannot be read.", {
      parameter: "Content-Type",
    });
  }
  if (typeof status === "number" && status >= 400 && status < 500) {
    return refusal(status, "structure", "The request cannot be read.");
  }
  if (status === 503)
    return { ...refusal(503, "transient", "It is being stopped."), retryAfter: 2 };
  return refusal(500, "exception", "Something went wrong here. The log says where.");
}

/** The answer to what is no HTTP request, written without the framework. */
function rawOutcome(large: boolean): string {
  const { status, issues } = large
    ? refusal(431, "too-long", "The headers are too long.")
    : refusal(400, "structure", "This is no HTTP request.");
  const body = JSON.stringify(encodeOutcome(issues));
  const words = large ? "Request Header Fields Too Large" : "Bad Request";
  return [
    `HTTP/1.1 ${status} ${words}`,
    `content-type: ${FHIR_JSON}; charset=utf-8`,
    `content-length: ${body.length}`,
    "connection: close",
    "",
    body,
  ].join("\r\n");
}
