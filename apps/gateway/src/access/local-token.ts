import { readFile } from "node:fs/promises";
import { fail, ok, type Result } from "@salus/base";

/** Where a local token may come from. Of several, the first that is there is taken. */
export interface TokenSources {
  /** `--token`: every user of the machine sees it in the list of processes. */
  readonly given?: string | undefined;
  /** `--token-file`. */
  readonly file?: string | undefined;
  /** `SALUS_GATEWAY_TOKEN`. */
  readonly environment?: string | undefined;
}

/** Why a token is not taken. */
export interface TokenFault {
  readonly kind: "bad-token";
  readonly problem: string;
}

const LENGTH_MIN = 16;

/**
 * Find the local token.
 *
 * Gives:   nothing where none is given.
 * Fails:   `bad-token`: one that cannot be sent in a header, or that somebody would guess.
 */
export async function readToken(
  sources: TokenSources,
): Promise<Result<string | undefined, TokenFault>> {
  const { given, file, environment } = sources;
  const read = given ?? (file === undefined ? environment : await fromFile(file));
  if (read === undefined) {
    return file === undefined ? ok(undefined) : bad(`the file ${file} cannot be read`);
  }
  if (!/^[\w.~+/-]+=*$/.test(read)) return bad("a token is letters, digits and - . _ ~ + /");
  if (read.length < LENGTH_MIN) return bad(`a token has at least ${LENGTH_MIN} signs`);
  return ok(read);
}

async function fromFile(file: string): Promise<string | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text?.trim();
}

const bad = (problem: string): Result<never, TokenFault> => fail({ kind: "bad-token", problem });
