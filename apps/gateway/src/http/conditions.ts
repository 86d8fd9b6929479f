import { fail, ok, type Result } from "@salus/base";
import { type Outcome, refusal } from "../outcome.ts";

/** Versions that a header names: those listed, or `"*"` for any that is there. */
export type VersionSet = "*" | readonly string[];

/** What must hold for a request to be done. Source: R4 http; RFC 9110 §13. */
export interface Conditions {
  readonly ifMatch: VersionSet | undefined;
  readonly ifNoneMatch: VersionSet | undefined;
  /** Milliseconds since 1970. */
  readonly ifModifiedSince: number | undefined;
  /** A search without its type: create only where it finds nothing. */
  readonly ifNoneExist: string | undefined;
}

/** Conditions as they are written: in headers, or in the request of an entry. */
export interface WrittenConditions {
  readonly ifMatch: unknown;
  readonly ifNoneMatch: unknown;
  readonly ifModifiedSince: unknown;
  readonly ifNoneExist: unknown;
}

/**
 * Read conditions.
 *
 * Fails:   400 for one that cannot be read: whoever asks for care must not get none. `If-Modified-Since` alone is left
 *          out where it is no date (RFC 9110 §13.1.3).
 */
export function readConditions(written: WrittenConditions): Result<Conditions, Outcome> {
  const ifMatch = readVersions(written.ifMatch);
  if (ifMatch === "unreadable") return fail(unreadable("If-Match"));
  const ifNoneMatch = readVersions(written.ifNoneMatch);
  if (ifNoneMatch === "unreadable") return fail(unreadable("If-None-Match"));
  const { ifNoneExist, ifModifiedSince } = written;
  if (ifNoneExist !== undefined && typeof ifNoneExist !== "string") {
    return fail(unreadable("If-None-Exist"));
  }
  const since = typeof ifModifiedSince === "string" ? Date.parse(ifModifiedSince) : Number.NaN;
  return ok({
    ifMatch,
    ifNoneMatch,
    ifModifiedSince: Number.isNaN(since) ? undefined : since,
    ifNoneExist,
  });
}

const unreadable = (parameter: string): Outcome =>
  refusal(400, "value", `${parameter} cannot be read.`, { parameter });

/** `W/"3"` as R4 has it, `"3"` and `3` as clients write it, several, or `*`. */
const TAG = /^(?:W\/)?(?:"([A-Za-z0-9.-]{1,64})"|([A-Za-z0-9.-]{1,64}))$/;

function readVersions(text: unknown): VersionSet | undefined | "unreadable" {
  if (text === undefined) return undefined;
  if (typeof text !== "string") return "unreadable";
  if (text.trim() === "*") return "*";
  const found = text.split(",").map((part) => TAG.exec(part.trim()));
  if (found.some((match) => match === null)) return "unreadable";
  return found.map((match) => match?.[1] ?? match?.[2] ?? "");
}

/** How a version stands in `ETag`: weak, for one version may be written in several ways. */
export const etagOf = (versionId: string): string => `W/"${versionId}"`;

/** Whether a header names this version. */
export const names = (versions: VersionSet, versionId: string): boolean =>
  versions === "*" || versions.includes(versionId);
