import type { FastifyRequest } from "fastify";

/** Whether somebody on this machine asks, and not a proxy here for somebody elsewhere. */
export function askedFromHere({ raw, headers }: FastifyRequest): boolean {
  const forwarded = headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined;
  return !forwarded && /^(?:::ffff:)?127\.|^::1$/.test(raw.socket.remoteAddress ?? "");
}
