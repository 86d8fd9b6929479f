import { createServer, connect as dial, type Socket } from "node:net";

/** What went through a proxy: every byte, in both directions. */
export interface Recorder {
  readonly url: string;
  sent(): Buffer;
  received(): Buffer;
  close(): Promise<void>;
}

/** Listen on a free port and pass everything on to `url`, keeping a copy: an eye on the wire. */
export async function record(url: string): Promise<Recorder> {
  const target = new URL(url);
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(target.port), target.hostname);
    pipe(near, far, sent);
    pipe(far, near, received);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a proxy has a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    sent: () => Buffer.concat(sent),
    received: () => Buffer.concat(received),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pipe(from: Socket, to: Socket, copy: Buffer[]): void {
  from.on("data", (chunk) => copy.push(chunk));
  from.on("error", () => to.destroy());
  from.pipe(to);
}
