import * as http from "node:http";
import * as https from "node:https";
import { pipeline, Transform } from "node:stream";
import { fail, ok, type Result } from "@salus/base";
import { sendProblem } from "@salus/service";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OF_DATA } from "../headers.ts";
import { answerHeaders, hasBody, requestHeaders } from "./passed.ts";

/** What is handed on at a time, and how long it may take. */
export interface ForwardLimits {
  /** Of a request body: as much as a service takes. */
  readonly bodyBytes: number;
  readonly requests: number;
  readonly connections: number;
  /** While nothing comes from the service. */
  readonly silenceMs: number;
}

export const FORWARD_LIMITS: ForwardLimits = {
  bodyBytes: 16_777_216,
  requests: 1_000,
  connections: 128,
  // A client gives up after a minute.
  silenceMs: 60_000,
};

/** Below the time after which the services close a connection, so that none is used that they are closing. */
const IDLE_MS = 20_000;

/** Why a service did not answer. */
type Away = { readonly kind: "away" } | { readonly kind: "slow" } | { readonly kind: "too-large" };

/**
 * The way from this site to one service.
 *
 * Bodies pass through in both directions as they come; nothing is kept and nothing looked into.
 *
 * Leaks:   to the site what the service sees. Requests are signed for the service, path and body, so the site can drop
 *          and delay them, and cannot change one.
 */
export class Forwarder {
  readonly #url: URL;
  readonly #limits: ForwardLimits;
  readonly #protocol: typeof http | typeof https;
  readonly #agent: http.Agent;
  #inHand = 0;

  constructor(url: URL, limits: ForwardLimits = FORWARD_LIMITS) {
    this.#url = url;
    this.#limits = limits;
    this.#protocol = url.protocol === "https:" ? https : http;
    const options = { keepAlive: true, maxSockets: limits.connections, timeout: IDLE_MS };
    this.#agent = new this.#protocol.Agent(options);
  }

  /** Hand a request on, and its answer back. Takes: `path`, as the service knows it. */
  async forward(request: FastifyRequest, reply: FastifyReply, path: string): Promise<FastifyReply> {
    if (Number(request.headers["content-length"] ?? 0) > this.#limits.bodyBytes) {
      return sendProblem(reply, { kind: "too-large" });
    }
    if (this.#inHand >= this.#limits.requests) return sendProblem(reply, { kind: "unavailable" });
    this.#inHand += 1;
    reply.raw.once("close", () => {
      this.#inHand -= 1;
    });
    const answer = await this.#ask(request, reply, path);
    if (!answer.ok) return sendAway(reply, answer.error);
    const { statusCode = 502, headers } = answer.value;
    return reply
      .code(statusCode)
      .headers({ ...OF_DATA, ...answerHeaders(headers) })
      .send(answer.value);
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(
    { raw }: FastifyRequest,
    reply: FastifyReply,
    path: string,
  ): Promise<Result<http.IncomingMessage, Away>> {
    return new Promise((resolve) => {
      const asked = this.#protocol.request(new URL(path, this.#url), {
        agent: this.#agent,
        method: raw.method,
        headers: requestHeaders(raw),
        timeout: this.#limits.silenceMs,
      });
      asked.once("response", (answer) => resolve(ok(answer)));
      // After an answer these change nothing here: its stream ends with an error, and so does ours.
      asked.on("timeout", () => {
        resolve(fail({ kind: "slow" }));
        asked.destroy();
      });
      asked.on("error", () => resolve(fail({ kind: "away" })));
      // Whoever asked may have gone.
      reply.raw.once("close", () => asked.destroy());
      if (!hasBody(raw)) {
        asked.end();
        return;
      }
      const bounded = atMost(this.#limits.bodyBytes, () => resolve(fail({ kind: "too-large" })));
      pipeline(raw, bounded, asked, () => undefined);
    });
  }
}

/** Lets so many bytes through, and ends with an error after them. */
function atMost(bytes: number, onMore: () => void): Transform {
  let passed = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length;
      if (passed <= bytes) return done(null, chunk);
      onMore();
      return done(new Error("a body is longer than any service takes"));
    },
  });
}

/** Answer in the place of a service. Clients take 502 and 504 for one that cannot be reached. */
function sendAway(reply: FastifyReply, away: Away): FastifyReply {
  if (away.kind === "too-large") {
    return sendProblem(reply.header("connection", "close"), { kind: "too-large" });
  }
  const [status, title] =
    away.kind === "slow" ? [504, "gateway timeout"] : ([502, "bad gateway"] as const);
  const body = JSON.stringify({ type: "about:blank", title, status });
  return reply.code(status).header("retry-after", "1").type("application/problem+json").send(body);
}
