import type { Server, ServerResponse } from "node:http";

const SWEEP_MS = 20;

/**
 * How a server ends: it answers what is in hand and takes nothing more.
 *
 * Takes:   `server`, before it listens.
 * Gives:   what ends it, by `close`, which takes no new connection and waits for those that are there.
 */
export function finishing(server: Server): (close: () => Promise<void>) => Promise<void> {
  let inHand = 0;
  server.on("request", (_, response: ServerResponse) => {
    inHand += 1;
    response.once("close", () => {
      inHand -= 1;
    });
  });
  return async (close) => {
    const sweep = setInterval(() => {
      // A connection that becomes idle only now would be waited for until its client leaves it. One on which
      // nothing was asked yet, as browsers open them ahead, is not idle to Node, and is waited for as well.
      if (inHand === 0) server.closeAllConnections();
      else server.closeIdleConnections();
    }, SWEEP_MS);
    await close();
    clearInterval(sweep);
  };
}
