import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/**
 * Whether a port can be listened on now.
 *
 * Takes:   `port`; 0 for any.
 * Gives:   the port, nothing when it is taken. Somebody else may take it in the next moment.
 */
export async function freePort(host: string, port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, "close");
    }
  }
}
