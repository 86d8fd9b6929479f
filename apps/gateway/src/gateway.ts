import type { AddressInfo } from "node:net";
import { fail, ok, type Result } from "@salus/base";
import { finishing } from "@salus/base/node";
import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  type AccessOptions,
  exposureFault,
  fenced,
  guard,
  OPEN,
  securityOf,
} from "./access/index.ts";
import { capabilityStatement, terminologyCapabilities } from "./capability/statement.ts";
import { type Handling, handle } from "./http/handling.ts";
import { type LogStream, openServer, type ServerOptions } from "./http/server.ts";
import type { Desk } from "./interactions/desk.ts";
import { dispatch } from "./interactions/dispatch.ts";
import { Turns } from "./interactions/turns.ts";
import { Searches } from "./search/index.ts";
import type { World } from "./world.ts";

/** What whoever starts a gateway decides. */
export interface GatewayOptions {
  readonly world: World;
  /** Left out: any free port of this machine alone. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** The origin that clients write, where it is not the address that is listened on: `https://fhir.example.org`. */
  readonly origin?: string | undefined;
  /** PEM; without it, plain HTTP. */
  readonly tls?: ServerOptions["tls"];
  /** Who may ask. Left out: whoever reaches this machine's own address. */
  readonly access?: Omit<AccessOptions, "base"> | undefined;
  /** More records than this are opened for no search. */
  readonly candidatesMax?: number | undefined;
  /** Where lines of the log go; standard error unless told otherwise. */
  readonly log?: LogStream | undefined;
}

export interface RunningGateway {
  /** The FHIR base, without a slash at its end. */
  readonly base: string;
  /** Finish the requests that are being answered. */
  close(): Promise<void>;
}

/** Why a gateway does not start. */
export type GatewayFailure =
  /** It cannot listen there; `code` is the system's own. */
  | { readonly kind: "address-in-use"; readonly code: string }
  /** Others could ask it or listen to it; `says` what is missing. */
  | { readonly kind: "exposed"; readonly says: string };

/** Where the FHIR base is below the origin. */
const PREFIX = "/fhir";

/**
 * Speak FHIR R4 to ordinary clients, over vaults that nobody but their readers can read.
 *
 * Fails:   `address-in-use`, for any address that cannot be listened on; `exposed`, for one that others reach without TLS
 *          and authentication.
 */
export async function startGateway(
  options: GatewayOptions,
): Promise<Result<RunningGateway, GatewayFailure>> {
  const { host = "127.0.0.1", port = 0, origin, tls, candidatesMax } = options;
  const { token, clients = [] } = options.access ?? {};
  const authenticated = token !== undefined || clients.length > 0;
  const says = exposureFault({ host, tls: tls !== undefined, authenticated });
  if (says !== undefined) return fail({ kind: "exposed", says });
  const server = openServer({ log: options.log ?? process.stderr, tls });
  const finish = finishing(server.server);
  let base = "";
  const searches = new Searches(candidatesMax === undefined ? {} : { candidatesMax });
  const turns = new Turns();
  const statements = statementsOf(options, () => base);
  const deskOf = (request: FastifyRequest): Desk => ({
    world: fenced(options.world, request.caller),
    asker: request.caller.asker,
    ...{ searches, turns, base, statements },
  });
  const answer: Handling = (asked, request) => dispatch(deskOf(request), asked);
  await server.register(
    async (fhir) => {
      guard(fhir, { ...options.access, base: () => base });
      fhirRoutes(fhir, () => base, answer);
    },
    { prefix: PREFIX },
  );
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    return fail({ kind: "address-in-use", code: String((error as { code?: string }).code) });
  }
  base = `${origin ?? originOf(server, tls !== undefined)}${PREFIX}`;
  const close = async (): Promise<void> => {
    await finish(() => server.close());
    searches.close();
  };
  return ok({ base, close });
}

/** What the gateway says of itself, written when it is first asked. */
function statementsOf({ world, access }: GatewayOptions, base: () => string): Desk["statements"] {
  const started = Date.now();
  let said: ReturnType<Desk["statements"]> | undefined;
  return () => {
    const { clients = [], origins = [] } = access ?? {};
    const guarded = { smart: clients.length > 0, crossOrigin: origins.length > 0 };
    const security = securityOf(base(), guarded);
    const described = { base: base(), started, abilities: world.abilities, security };
    said ??= {
      capability: capabilityStatement(described),
      terminology: terminologyCapabilities(described),
    };
    return said;
  };
}

/** Everything below the base is one route: what stands there is read in one place, for requests and entries alike. */
function fhirRoutes(fhir: FastifyInstance, base: () => string, answer: Handling): void {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const handler = (request: FastifyRequest, reply: Parameters<typeof handle>[1]) =>
    handle(request, reply, { base: base(), prefix: PREFIX, answer });
  fhir.route({ method: ["GET", "HEAD"], url: "/metadata", config: OPEN, handler });
  fhir.route({ method: methods, url: "/", handler });
  fhir.route({ method: methods, url: "/*", handler });
}

/** Everywhere is no place to go to: whoever listens there says how it is found, or is found on this machine. */
function originOf(server: FastifyInstance, secure: boolean): string {
  const { address, family, port } = server.server.address() as AddressInfo;
  const everywhere = address === "0.0.0.0" || address === "::";
  const name = everywhere ? "127.0.0.1" : family === "IPv6" ? `[${address}]` : address;
  return `${secure ? "https" : "http"}://${name}:${port}`;
}
