import { createServer as createPlain, type RequestListener, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import { finishing } from "@salus/base/node";
import { listen, problemOf, sendProblem } from "@salus/service";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { Shelf } from "./files/shelf.ts";
import { Forwarder, type ForwardLimits } from "./forwarding/forwarder.ts";
import { OF_DATA, STRICT_TRANSPORT } from "./headers.ts";
import { answersTo, isAddress, nameIn } from "./hosts.ts";
import { type LogStream, type Note, noteTo } from "./log.ts";
import { type About, aboutRoutes } from "./routes/about.ts";
import { fileRoutes } from "./routes/files.ts";
import { leavingRoutes } from "./routes/leaving.ts";
import { reportRoutes } from "./routes/reports.ts";
import { serviceRoutes } from "./routes/services.ts";
import type { Certificate } from "./tls/certificate.ts";

/** What whoever starts a site decides. */
export interface SiteOptions extends Omit<About, "version"> {
  readonly cloud: URL;
  readonly directory: URL;
  /** The folder of the application's build. */
  readonly files: string;
  readonly host: string;
  readonly port: number;
  /** Where people find it, when that is not this machine. */
  readonly origins: readonly string[];
  readonly certificate: Certificate | undefined;
  readonly limits?: ForwardLimits | undefined;
  /** Where log lines go; standard error unless told otherwise. */
  readonly log?: LogStream | undefined;
}

export interface RunningSite {
  readonly url: string;
  /** Finish the requests that are being answered. */
  close(): Promise<void>;
}

/** Where the services stand below the site. */
const PREFIXES = { cloud: "/", directory: "/directory/" };
const REQUEST_MS = 60_000;
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const HEADER_BYTES = 16_384;
const CONNECTIONS = 2_000;

/**
 * Start a site: the application's files, and the two services below it.
 *
 * It holds no key and keeps nothing. Whoever loads the application from it trusts it for the code.
 *
 * Fails:   as a `StartFailure`.
 */
export async function startSite(options: SiteOptions): Promise<RunningSite> {
  const shelf = await Shelf.load(options.files);
  const forwarders = {
    cloud: new Forwarder(options.cloud, options.limits),
    directory: new Forwarder(options.directory, options.limits),
  };
  const note = noteTo(options.log ?? process.stderr);
  const server = openServer(options, note);
  aboutRoutes(server, { ...about(options), version: shelf.version }, PREFIXES);
  serviceRoutes(server, [
    { prefix: "", forwarder: forwarders.cloud },
    { prefix: "/directory", forwarder: forwarders.directory },
  ]);
  reportRoutes(server, note);
  leavingRoutes(server);
  certificateRoute(server, options.certificate);
  fileRoutes(server, shelf);
  const finish = finishing(server.server);
  const { port } = await listen(server, options);
  return {
    url: urlOf(options, port),
    close: async () => {
      await finish(() => server.close());
      for (const forwarder of Object.values(forwarders)) forwarder.close();
    },
  };
}

function about({ authorities, authoritiesNeeded, demo }: SiteOptions): Omit<About, "version"> {
  return { authorities, authoritiesNeeded, demo };
}

/** A certificate is for names; everywhere is no place to go to. */
function urlOf({ certificate, host }: SiteOptions, port: number): string {
  if (certificate !== undefined) return `https://localhost:${port}`;
  const everywhere = host === "0.0.0.0" || host === "::";
  const name = everywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function openServer(options: SiteOptions, note: Note): FastifyInstance {
  const server = fastify({
    routerOptions: { querystringParser: () => ({}) },
    exposeHeadRoutes: false,
    return503OnClosing: true,
    serverFactory: (handler) => listener(options, handler),
  });
  server.removeAllContentTypeParsers();
  // Bodies pass through, or are not looked at: nothing here reads one.
  server.addContentTypeParser("*", (_, body, done) => done(null, body));
  server.addHook("onRequest", async (request, reply) => admit(options, request, reply));
  server.addHook("onResponse", async (request, reply) => account(note, request, reply));
  server.setNotFoundHandler((_, reply) => sendProblem(reply, { kind: "no-such-route" }));
  server.setErrorHandler((error, _, reply) => {
    const problem = problemOf(error);
    if (problem.kind === "internal") note({ event: "fault", name: (error as Error).name });
    return sendProblem(reply, problem);
  });
  return server;
}

function listener({ certificate }: SiteOptions, handler: RequestListener): Server {
  const limits = { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS };
  const times = { requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server: Server =
    certificate === undefined
      ? createPlain({ ...limits, ...times }, handler)
      : createSecure(
          { ...limits, ...times, cert: certificate.chain, key: certificate.key },
          handler,
        );
  server.maxConnections = CONNECTIONS;
  return server;
}

/** Look at the name that was asked for, before anything else. */
async function admit(
  { origins, certificate }: SiteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  void reply.headers(OF_DATA);
  const name = nameIn(request.headers.host);
  if (!answersTo(name, { origins })) {
    const body = { type: "about:blank", title: "misdirected request", status: 421 };
    return reply.code(421).type("application/problem+json").send(JSON.stringify(body));
  }
  const secure = certificate !== undefined || origins.includes(`https://${request.headers.host}`);
  if (secure && name !== "localhost" && !isAddress(name)) void reply.headers(STRICT_TRANSPORT);
  return toLocalhost(request, reply, certificate);
}

/**
 * Send a browser that came to `127.0.0.1` on to `localhost`: passkeys need a name, and what a device keeps belongs to one
 * origin. Programs that ask the services stay where they are.
 */
function toLocalhost(
  { headers, raw }: FastifyRequest,
  reply: FastifyReply,
  certificate: Certificate | undefined,
): FastifyReply | undefined {
  const navigates = headers["sec-fetch-mode"] === "navigate" && raw.method === "GET";
  if (!navigates || nameIn(headers.host) !== "127.0.0.1") return undefined;
  const [, port = ""] = /(:\d+)$/.exec(headers.host ?? "") ?? [];
  const scheme = certificate === undefined ? "http" : "https";
  return reply.redirect(`${scheme}://localhost${port}${raw.url ?? "/"}`, 307);
}

/** What a phone is told to trust, where this site made it. */
function certificateRoute(server: FastifyInstance, certificate: Certificate | undefined): void {
  if (certificate === undefined) return;
  server.get("/ca.crt", (_, reply) =>
    reply.type("application/x-x509-ca-cert").send(certificate.authority),
  );
}

/** One line for each request: its route and how it went. Paths hold handles, and stay out. */
function account(note: Note, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.is404 ? "none" : (request.routeOptions.url ?? "none");
  const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
  note({ method: request.method, route, status: reply.statusCode, milliseconds });
}
