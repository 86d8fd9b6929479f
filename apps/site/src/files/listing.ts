import { fail, ok, type Result } from "@salus/base";

/** One file of the application, as its build lists it. */
export interface Listed {
  /** Below the folder of the application, without a slash before it. */
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Sizes of the compressed copies that stand beside it. */
  readonly br?: number;
  readonly gz?: number;
}

/** What a build of the web application consists of. */
export interface Listing {
  readonly version: string;
  readonly files: readonly Listed[];
}

/** Names that cannot lead out of a folder. */
const PATH = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/**
 * Read `files.json`, which `tools/build-web.mjs` writes.
 *
 * Fails:   `no-listing`: something else.
 */
export function readListing(text: string): Result<Listing, { readonly kind: "no-listing" }> {
  let read: Partial<Listing> | null;
  try {
    read = JSON.parse(text) as Partial<Listing> | null;
  } catch {
    return fail({ kind: "no-listing" });
  }
  const { version, files } = read ?? {};
  const fine = typeof version === "string" && Array.isArray(files) && files.every(isListed);
  return fine ? ok({ version, files }) : fail({ kind: "no-listing" });
}

function isListed(file: unknown): file is Listed {
  const { path, type, bytes, sha256, br, gz } = (file ?? {}) as Partial<Listed>;
  return (
    typeof path === "string" &&
    PATH.test(path) &&
    typeof type === "string" &&
    /^[\w.+-]+\/[\w.+-]+(?:; charset=utf-8)?$/.test(type) &&
    [bytes, br ?? 0, gz ?? 0].every((size) => Number.isSafeInteger(size)) &&
    typeof sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}
