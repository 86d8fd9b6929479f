import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";

/** Under which names a gateway answers, and which pages may ask it. */
export interface Names {
  /** The FHIR base as clients write it. */
  readonly base: string;
  /** Names beside `localhost`, the base's and, under TLS, addresses and this machine's own. */
  readonly hosts: readonly string[];
  /** Origins of pages that may ask from a browser: `https://app.example`. */
  readonly origins: readonly string[];
}

/** Why a request is answered 403 before anybody looks who asks. */
export type OriginFault = "other-name" | "other-page";

/**
 * Look where a request comes from, as far as a browser tells.
 *
 * On the loopback address every page in every browser of this machine can send requests, and a page whose own name is
 * made to point here reads the answers as well. So a name must be one of ours, and a page one that was let in.
 * Programs send neither header and are not concerned.
 *
 * Takes:   `secure`, whether the request came under TLS.
 * Source:  Fetch Metadata Request Headers, `Sec-Fetch-Site`; DNS rebinding; decision 0154.
 */
export function originFault(
  headers: IncomingHttpHeaders,
  names: Names,
  secure: boolean,
): OriginFault | undefined {
  if (!answersTo(nameIn(headers.host), names, secure)) return "other-name";
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined) {
    const known = origin === originOf(names.base) || names.origins.includes(origin);
    return known ? undefined : "other-page";
  }
  const within = site === undefined || site === "same-origin" || site === "none";
  return within ? undefined : "other-page";
}

/** The name in a header `host`, without its port. */
function nameIn(host: string | undefined): string {
  const text = (host ?? "").toLowerCase();
  return /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/.exec(text)?.[1] ?? "";
}

/**
 * Under TLS an address cannot be made to point elsewhere, nor can who has no certificate take our name.
 *
 * Without it a browser says where a request comes from only to names that it knows to stay on this
 * machine: not to 0.0.0.0, which leads here too, nor to the machine's own name, which a neighbour on
 * the same network can answer for.
 */
function answersTo(name: string, { base, hosts }: Names, secure: boolean): boolean {
  if (name === "") return false;
  if ([new URL(base).hostname, ...hosts].includes(name)) return true;
  if (!secure) return name === "localhost" || LOOPBACK.test(name);
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0 || machineNames().includes(name);
}

/** Source: W3C Secure Contexts §3.1. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The names that a machine has for itself, and among its neighbours (RFC 6762). */
export function machineNames(): readonly string[] {
  const name = hostname().toLowerCase();
  const short = name.split(".", 1)[0] ?? name;
  return [...new Set(["localhost", name, `${short}.local`])].filter((text) => text !== "");
}

const originOf = (base: string): string => new URL(base).origin;

const EXPOSED = "etag, location, content-location, last-modified, retry-after";
const ASKED_HEADERS =
  "accept, authorization, content-type, if-match, if-modified-since, if-none-exist, if-none-match, prefer";
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const PREFLIGHT_SECONDS = 600;

/** The headers that let a page of a known origin read the answer; none for others. Source: Fetch, CORS protocol. */
export function crossOriginHeaders(
  origin: string | undefined,
  { origins }: Names,
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  if (origin === undefined || !origins.includes(origin)) return { vary: "origin" };
  return {
    vary: "origin",
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED,
    "access-control-allow-headers": ASKED_HEADERS,
    "access-control-allow-methods": METHODS,
    "access-control-max-age": String(PREFLIGHT_SECONDS),
  };
}
