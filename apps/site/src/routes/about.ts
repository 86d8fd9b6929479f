import { readFile } from "node:fs/promises";
import { sendProblem } from "@salus/service";
import type { FastifyInstance, FastifyReply } from "fastify";

/** What the application must know before it asks anybody. */
export interface About {
  /** Whom it believes about organisations and physicians, in hexadecimal. */
  readonly authorities: readonly string[];
  readonly authoritiesNeeded: number;
  readonly version: string;
  /** The file that says who the people of a demo are; there is none elsewhere. */
  readonly demo: string | undefined;
}

/** What this site says of itself: whether it answers, and what it is a site of. */
export function aboutRoutes(
  server: FastifyInstance,
  { demo, ...about }: About,
  prefixes: { readonly cloud: string; readonly directory: string },
): void {
  server.get("/health", (_, reply) => reply.send({ status: "ok" }));
  server.get("/site.json", (_, reply) =>
    reply.send({ ...prefixes, ...about, demo: demo !== undefined }),
  );
  if (demo !== undefined) server.get("/demo.json", (_, reply) => sendDemo(reply, demo));
}

/** People sign up while a demo starts: before that there is nobody to name. */
async function sendDemo(reply: FastifyReply, file: string): Promise<FastifyReply> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return sendProblem(reply, { kind: "no-such-route" });
  return reply.type("application/json").send(text);
}
