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

/** Where paths begin: an organisation's key, and its provider id where the reader knows it. */
export interface PathRoot {
  readonly key: VerifyKey;
  readonly node?: string;
}

/**
 * Whether certificates, the highest first, lead from an organisation down to an author.
 *
 * Takes:   `at`, when the author acted: every step must be valid then.
 * Fails:   `certificate-path`: they do not; `certificate-expired`: they do, but not then.
 * Source:  spec/sharing.md §5; vectors/sharing-v1.json.
 */
export function checkPath(
  root: PathRoot,
  path: readonly Certificate[],
  author: VerifyKey,
  at: number,
): Result<void, PathError> {
  let key = root.key;
  let node = root.node;
  let rank = RANK.organisation;
  for (const step of path) {
    const follows =
      equalBytes(step.issuer, key) &&
      RANK[step.role] > rank &&
      (node === undefined || step.parent === node);
    if (!follows) return fail({ kind: "certificate-path" });
    key = step.subject;
    node = step.node;
    rank = RANK[step.role];
  }
  if (!equalBytes(key, author)) return fail({ kind: "certificate-path" });
  const valid = path.every((step) => isValidAt(step, at));
  return valid ? ok(undefined) : fail({ kind: "certificate-expired" });
}

/**
 * Find certificates that lead from an organisation down to an author.
 *
 * Takes:   `at`, when the author acted: every step must be valid then.
 * Gives:   the path, the highest first; an empty one when the author is the organisation itself.
 * Fails:   `certificate-path`: no path; `certificate-expired`: only such as were not valid then.
 * Source:  spec/sharing.md §5.
 */
export function certificatePath(
  book: CertificateBook,
  root: PathRoot,
  author: VerifyKey,
  at: number,
): Result<readonly Certificate[], PathError> {
  return firstGood(candidates(book, root.key, author, RANK.physician + 1), root, author, at);
}

/**
 * Find certificates that lead from an organisation down to this very one, which is the last of them.
 *
 * `certificatePath` says that a key may act, not that every certificate about it may be believed:
 * anybody can sign one about anybody's key.
 *
 * Fails:   as `certificatePath`.
 * Source:  spec/sharing.md §5.
 */
export function pathThrough(
  book: CertificateBook,
  root: PathRoot,
  last: Certificate,
  at: number,
): Result<readonly Certificate[], PathError> {
  const above = candidates(book, root.key, last.issuer, RANK[last.role]);
  return firstGood(extended(above, last), root, last.subject, at);
}

function firstGood(
  paths: Iterable<readonly Certificate[]>,
  root: PathRoot,
  author: VerifyKey,
  at: number,
): Result<readonly Certificate[], PathError> {
  let expired = false;
  for (const path of paths) {
    const checked = checkPath(root, path, author, at);
    if (checked.ok) return ok(path);
    expired ||= checked.error.kind === "certificate-expired";
  }
  return fail({ kind: expired ? "certificate-expired" : "certificate-path" });
}

function* extended(
  paths: Iterable<readonly Certificate[]>,
  last: Certificate,
): Generator<readonly Certificate[]> {
  for (const path of paths) yield [...path, last];
}

/**
 * Whether a certificate makes its subject an organisation, in the eyes of a reader who pins these
 * registry authorities.
 *
 * Fails:   `wrong-key`: none of them signed it; `certificate-path`: its subject is no organisation;
 *          `certificate-expired`.
 * Source:  spec/sharing.md §5; vectors/sharing-v1.json.
 */
export function certifiesOrganisation(
  certificate: Certificate,
  authorities: readonly VerifyKey[],
  at: number,
): Result<void, PathError | { readonly kind: "wrong-key" }> {
  const pinned = authorities.some((authority) => equalBytes(authority, certificate.issuer));
  if (!pinned) return fail({ kind: "wrong-key" });
  const top = certificate.role === "organisation" && certificate.parent === "";
  if (!top) return fail({ kind: "certificate-path" });
  return isValidAt(certificate, at) ? ok(undefined) : fail({ kind: "certificate-expired" });
}

function isValidAt(certificate: Certificate, at: number): boolean {
  return certificate.notBefore <= at && at <= certificate.expires;
}

/**
 * Lists of certificates from `root` down to `author`, each issued by the subject before.
 *
 * Every step up must have a higher role, so that a ring of certificates is no endless path.
 */
function* candidates(
  book: CertificateBook,
  root: VerifyKey,
  author: VerifyKey,
  below: number,
): Generator<readonly Certificate[]> {
  if (equalBytes(root, author)) {
    yield [];
    return;
  }
  for (const last of book.get(toHex(author)) ?? []) {
    if (RANK[last.role] >= below) continue;
    for (const path of candidates(book, root, last.issuer, RANK[last.role])) yield [...path, last];
  }
}
