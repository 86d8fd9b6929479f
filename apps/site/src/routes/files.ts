import { sendProblem } from "@salus/service";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { takes } from "../files/encoding.ts";
import type { Shelf, Shelved } from "../files/shelf.ts";
import { OF_FILES } from "../headers.ts";

const YEAR_S = 31_536_000;
const INDEX = "/index.html";

/** The application: its files, and its page at every address that is none of theirs. */
export function fileRoutes(server: FastifyInstance, shelf: Shelf): void {
  server.route({
    method: ["GET", "HEAD"],
    url: "/*",
    handler: (request, reply) => {
      const path = pathOf(request);
      const file = shelf.at(path) ?? (isPage(path) ? shelf.at(INDEX) : undefined);
      return file === undefined
        ? sendProblem(reply, { kind: "no-such-route" })
        : sendFile(request, reply, file);
    },
  });
}

/** The path that was asked for, as it was sent: nothing is decoded, so nothing decodes to another. */
function pathOf(request: FastifyRequest): string {
  const [path = ""] = (request.raw.url ?? "").split("?", 1);
  return path;
}

/** Whether a path may be one of the page's own: they have no dot, which every file has. */
function isPage(path: string): boolean {
  return !path.includes(".");
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: Shelved): FastifyReply {
  const { type, tag, immutable, copies } = file;
  void reply.headers(OF_FILES).header("etag", tag);
  void reply.header("cache-control", immutable ? `max-age=${YEAR_S}, immutable` : "no-cache");
  if (copies.length > 0) void reply.header("vary", "accept-encoding");
  if (request.headers["if-none-match"] === tag) return reply.code(304).send();
  const accepts = request.headers["accept-encoding"];
  const copy = copies.find(({ encoding }) => takes(accepts, encoding));
  if (copy !== undefined) void reply.header("content-encoding", copy.encoding);
  return reply.type(type).send(copy?.body ?? file.body);
}
