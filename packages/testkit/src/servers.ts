import { existsSync } from "node:fs";

/** Debian's PostgreSQL, the oldest that the SQL must run on. */
export const DEBIAN = "/usr/lib/postgresql/15/bin";

/** The servers that the same tests run on: the packaged one, and Debian's where it is installed. */
export const SERVERS: readonly (readonly [string, string | undefined])[] = [
  ["the packaged PostgreSQL", undefined],
  ...(existsSync(DEBIAN) ? [["Debian's PostgreSQL 15", DEBIAN] as const] : []),
];
