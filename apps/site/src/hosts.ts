import { isIP } from "node:net";
import { hostname } from "node:os";

/** Names of this machine and of the site. */
export interface Names {
  /** Where people find the site, beside this machine's own names. */
  readonly origins: readonly string[];
}

/** The names that a machine has for itself, and among its neighbours (RFC 6762). */
export function machineNames(): readonly string[] {
  const name = hostname().toLowerCase();
  const short = name.split(".", 1)[0] ?? name;
  return [...new Set(["localhost", name, `${short}.local`])].filter((text) => text !== "");
}

/** The name in a header `host`, without its port. */
export function nameIn(host: string | undefined): string {
  const text = (host ?? "").toLowerCase();
  return /^(\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/.exec(text)?.[1] ?? "";
}

/** Whether a name is an address. */
export function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/**
 * Whether this site answers under a name.
 *
 * A page of somebody else can have its own name point at this machine; then the browser takes what stands here for a part
 * of that page. An address cannot be made to point elsewhere.
 */
export function answersTo(name: string, { origins }: Names): boolean {
  if (name === "") return false;
  if (isAddress(name) || machineNames().includes(name)) return true;
  return origins.some((origin) => new URL(origin).hostname === name);
}
