import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { StartFailure } from "../start-failure.ts";

const SWEEP_MS = 20;

/** How many requests of a server wait for their answer. */
const inHand = new WeakMap<FastifyInstance, { count: number }>();

/** Where to listen. Left out: on any free port of this machine alone. */
export interface ListenOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/** Begin to answer. Gives: the address. Fails: `address-in-use`, as a `StartFailure`. */
export async function listen(
  server: FastifyInstance,
  { host = "127.0.0.1", port = 0 }: ListenOptions,
): Promise<AddressInfo> {
  countRequests(server);
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const code = (error as { code?: string }).code ?? "unknown";
    throw new StartFailure("address-in-use", `cannot listen on ${host}:${port} (${code})`);
  }
  return server.server.address() as AddressInfo;
}

/** An address as it stands in a URL. */
export function hostOf({ address, family, port }: AddressInfo): string {
  return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function countRequests(server: FastifyInstance): void {
  const requests = { count: 0 };
  inHand.set(server, requests);
  server.server.on("request", (_, response: ServerResponse) => {
    requests.count += 1;
    response.once("close", () => {
      requests.count -= 1;
    });
  });
}

/** Answer what is in hand and take nothing more. */
export async function finish(server: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => {
    // A connection that becomes idle only now would be waited for until its client leaves it. One on which
    // nothing was asked yet, as browsers open them ahead, is not idle to Node, and is waited for as well.
    if (inHand.get(server)?.count === 0) server.server.closeAllConnections();
    else server.server.closeIdleConnections();
  }, SWEEP_MS);
  await server.close();
  clearInterval(sweep);
}
