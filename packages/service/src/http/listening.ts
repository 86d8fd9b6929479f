import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { StartFailure } from "../start-failure.ts";

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
