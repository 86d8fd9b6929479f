import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Headers } from "../headers.ts";

/** All that a service is told of a request besides its method, path and body; the trail is sealed. */
const ASKED = ["accept", "authorization", "salus-trail"];
const ASKED_WITH_BODY = [...ASKED, "content-length", "content-type"];

/** All that a client is told of an answer besides its status and body. */
const ANSWERED = ["content-length", "content-type", "retry-after"];

/**
 * Whether a request has a body that goes on. Others have none in this API: what somebody sends with them all the same
 * would stand on a connection where the next request begins.
 */
export function hasBody({ method }: Pick<IncomingMessage, "method">): boolean {
  return method === "POST" || method === "PUT";
}

/**
 * The headers of a request that go on to a service.
 *
 * Nothing says who asks: no address, browser, language or referrer. `forwarded` says that it was not this machine, which
 * has rights of its own (RFC 7239 §6.2).
 */
export function requestHeaders(request: Pick<IncomingMessage, "method" | "headers">): Headers {
  const names = hasBody(request) ? ASKED_WITH_BODY : ASKED;
  return { ...only(names, request.headers), forwarded: "for=unknown" };
}

/** The headers of an answer that go back. */
export function answerHeaders(headers: IncomingHttpHeaders): Headers {
  return only(ANSWERED, headers);
}

function only(names: readonly string[], headers: IncomingHttpHeaders): Headers {
  const found = names.flatMap((name) => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return Object.fromEntries(found) as Headers;
}

/**
 * The path at a service that a path of this site stands for.
 *
 * Gives:   nothing for what no service has: another part than its API, and any way of writing a path that somebody could
 *          read in two ways.
 */
export function servicePath(url: string, prefix: string): string | undefined {
  const path = url.slice(prefix.length);
  const fine = /^\/v1(?:\/[\w-]+)+(?:\?[\w.~&=%+,:-]*)?$/.test(path);
  return fine && url.startsWith(prefix) ? path : undefined;
}
