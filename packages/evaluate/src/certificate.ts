import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { Certificate, Role, VerifyKey } from "@salus/protocol";
import { type Statement, type StatementError, verifySigned } from "./statement.ts";

/** Why somebody may not act for an organisation. Spec: sharing §5. */
export type PathError =
  | { readonly kind: "certificate-path" }
  | { readonly kind: "certificate-expired" };

const RANK: Readonly<Record<Role, number>> = { organisation: 0, department: 1, physician: 2 };

/**
 * Verify that its issuer signed a certificate. Whether the issuer may is `certificatePath`'s to say,
 * or `certifiesOrganisation`'s.
 *
 * Fails:   any `StatementError`; `wrong-key` when the signer is not the issuer that it names.
 * Source:  spec/sharing.md §5; vectors/sharing-v1.json.
 */
export function verifyCertificate(
  signed: Uint8Array,
): Result<Statement<"certificate">, StatementError> {
  const statement = verifySigned("certificate", signed);
  if (!statement.ok) return statement;
  const { payload, signer } = statement.value;
  return equalBytes(payload.issuer, signer) ? statement : fail({ kind: "wrong-key" });
}

/** Verified certificates by the key that they are about. */
export type CertificateBook = ReadonlyMap<string, readonly Certificate[]>;

/** Keep verified certificates so that paths through them are found. */
export function certificateBook(all: Iterable<Statement<"certificate">>): CertificateBook {
  const book = new Map<string, Certificate[]>();
  for (const { payload } of all) {
    const subject = toHex(payload.subject);
    const known = book.get(subject);
    if (known === undefined) book.set(subject, [payload]);
    else known.push(payload);
  }
  return book;
}

/**
 * The certificates that lead from an organisation's key down to an author, the highest first.
 *
 * Takes:   `at`, when the author acted: every step must be valid then.
 * Gives:   an empty path when the author is the organisation itself.
 * Fails:   `certificate-path`: no path; `certificate-expired`: only one that was not valid then.
 * Source:  spec/sharing.md §5.
 */
export function certificatePath(
  book: CertificateBook,
  root: VerifyKey,
  author: VerifyKey,
  at: number,
): Result<readonly Certificate[], PathError> {
  if (equalBytes(root, author)) return ok([]);
  let expired = false;
  for (const path of pathsTo(book, root, author, RANK.physician + 1)) {
    if (path.every((step) => isValidAt(step, at))) return ok(path);
    expired = true;
  }
  return fail({ kind: expired ? "certificate-expired" : "certificate-path" });
}

/**
 * Whether a certificate makes its subject an organisation, in the eyes of a reader who pins these
 * registry authorities.
 *
 * Fails:   `certificate-path`, `certificate-expired`.
 */
export function certifiesOrganisation(
  certificate: Certificate,
  authorities: readonly VerifyKey[],
  at: number,
): Result<void, PathError> {
  const pinned = authorities.some((authority) => equalBytes(authority, certificate.issuer));
  if (!pinned || certificate.role !== "organisation") return fail({ kind: "certificate-path" });
  return isValidAt(certificate, at) ? ok(undefined) : fail({ kind: "certificate-expired" });
}

function isValidAt(certificate: Certificate, at: number): boolean {
  return certificate.notBefore <= at && at <= certificate.expires;
}

/**
 * All paths from `root` down to `author`, one after the other.
 *
 * Every step up must have a higher role, so that a ring of certificates is no endless path.
 */
function* pathsTo(
  book: CertificateBook,
  root: VerifyKey,
  author: VerifyKey,
  below: number,
): Generator<readonly Certificate[]> {
  for (const last of book.get(toHex(author)) ?? []) {
    const rank = RANK[last.role];
    // An organisation's certificate is no step of a path: its key is where paths begin.
    if (rank === RANK.organisation || rank >= below) continue;
    if (equalBytes(last.issuer, root)) {
      yield [last];
      continue;
    }
    for (const path of pathsTo(book, root, last.issuer, rank)) {
      if (path.at(-1)?.node === last.parent) yield [...path, last];
    }
  }
}
