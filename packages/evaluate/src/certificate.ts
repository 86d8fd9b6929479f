import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { Certificate, Role, VerifyKey } from "@salus/protocol";
import { type StatusBook, standingAt } from "./certificate-status.ts";
import { type Statement, type StatementError, verifySigned } from "./statement.ts";

/** Why somebody may not act for an organisation. Spec: sharing §5. */
export type PathError =
  | { readonly kind: "certificate-path" }
  | { readonly kind: "certificate-expired" }
  | { readonly kind: "certificate-suspended" };

/** A verified certificate. */
export type SignedCertificate = Statement<"certificate">;

const RANK: Readonly<Record<Role, number>> = {
  organisation: 0,
  department: 1,
  physician: 2,
  device: 3,
};

/**
 * Verify that its issuer signed a certificate. Whether the issuer may is `certificatePath`'s to say,
 * or `certifiesOrganisation`'s.
 *
 * Fails:   any `StatementError`; `wrong-key` when the signer is not the issuer that it names.
 * Source:  spec/sharing.md §5; vectors/sharing-v1.json.
 */
export function verifyCertificate(signed: Uint8Array): Result<SignedCertificate, StatementError> {
  const statement = verifySigned("certificate", signed);
  if (!statement.ok) return statement;
  const { payload, signer } = statement.value;
  return equalBytes(payload.issuer, signer) ? statement : fail({ kind: "wrong-key" });
}

/** Verified certificates, by the keys that they are about and by those that issued them. */
export interface CertificateBook {
  readonly about: ReadonlyMap<string, readonly SignedCertificate[]>;
  readonly by: ReadonlyMap<string, readonly SignedCertificate[]>;
  /** For each root that was asked for: what hangs below it, as `ranksBelow` has found it. */
  readonly below: Map<string, ReadonlyMap<string, number>>;
}

/** Keep verified certificates so that paths through them are found. */
export function certificateBook(all: Iterable<SignedCertificate>): CertificateBook {
  const list = [...all];
  return {
    about: grouped(list, ({ payload }) => payload.subject),
    by: grouped(list, ({ payload }) => payload.issuer),
    below: new Map(),
  };
}

function grouped(
  all: readonly SignedCertificate[],
  keyOf: (certificate: SignedCertificate) => VerifyKey,
): ReadonlyMap<string, readonly SignedCertificate[]> {
  const groups = new Map<string, SignedCertificate[]>();
  for (const certificate of all) {
    const key = toHex(keyOf(certificate));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [certificate]);
    else known.push(certificate);
  }
  return groups;
}

/** Where paths begin: an organisation's key, and its provider id where the reader knows it. */
export interface PathRoot {
  readonly key: VerifyKey;
  readonly node?: string;
}

/** What is known of certificates beside themselves, for who judges paths. */
export interface Standing {
  readonly statuses: StatusBook;
  /** Keys of registry authorities, whose word counts on every certificate. */
  readonly authorities: readonly VerifyKey[];
}

const NOTHING_KNOWN: Standing = { statuses: new Map(), authorities: [] };

/**
 * Whether certificates, the highest first, lead from an organisation down to an author.
 *
 * Takes:   `at`, when the author acted: every step must be valid then, and none suspended.
 * Fails:   `certificate-path`: they do not; `certificate-expired`, `certificate-suspended`: they do,
 *          but not then.
 * Source:  spec/sharing.md §5; vectors/sharing-v1.json; vectors/provider-v1.json.
 */
export function checkPath(
  root: PathRoot,
  path: readonly SignedCertificate[],
  author: VerifyKey,
  at: number,
  standing: Standing = NOTHING_KNOWN,
): Result<void, PathError> {
  let key = root.key;
  let node = root.node;
  let above: Certificate | undefined;
  for (const { payload: step } of path) {
    const rank = above === undefined ? RANK.organisation : RANK[above.role];
    const follows =
      equalBytes(step.issuer, key) &&
      RANK[step.role] > rank &&
      (node === undefined || step.parent === node) &&
      (step.role !== "device" || isSamePerson(step, above));
    if (!follows) return fail({ kind: "certificate-path" });
    key = step.subject;
    node = step.node;
    above = step;
  }
  if (!equalBytes(key, author)) return fail({ kind: "certificate-path" });
  if (!path.every(({ payload }) => isValidAt(payload, at))) {
    return fail({ kind: "certificate-expired" });
  }
  const suspended = isSuspended(root.key, path, at, standing);
  return suspended ? fail({ kind: "certificate-suspended" }) : ok(undefined);
}

/** A further device is certified by the physician whose it is, under her own node and name. */
function isSamePerson(device: Certificate, above: Certificate | undefined): boolean {
  return above?.role === "physician" && device.node === above.node && device.name === above.name;
}

/** Who may suspend a certificate: its issuer, the issuers above, and the authorities. */
function isSuspended(
  root: VerifyKey,
  path: readonly SignedCertificate[],
  at: number,
  { statuses, authorities }: Standing,
): boolean {
  const above: VerifyKey[] = [...authorities, root];
  for (const { payload, hash } of path) {
    above.push(payload.issuer);
    if (standingAt(statuses, hash, above, at) !== "good") return true;
  }
  return false;
}

/**
 * Find certificates that lead from an organisation down to an author.
 *
 * Takes:   `at`, when the author acted: every step must be valid then, and none suspended.
 * Gives:   the path, the highest first; an empty one when the author is the organisation itself.
 * Fails:   `certificate-path`: no path; `certificate-expired`, `certificate-suspended`: only such as
 *          were not valid then.
 * Source:  spec/sharing.md §5.
 */
export function certificatePath(
  book: CertificateBook,
  root: PathRoot,
  author: VerifyKey,
  at: number,
  standing?: Standing,
): Result<readonly SignedCertificate[], PathError> {
  const paths = candidates(book, root.key, author, RANK.device + 1);
  return firstGood(paths, root, author, at, standing);
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
  last: SignedCertificate,
  at: number,
  standing?: Standing,
): Result<readonly SignedCertificate[], PathError> {
  const { issuer, role, subject } = last.payload;
  const above = candidates(book, root.key, issuer, RANK[role]);
  return firstGood(extended(above, last), root, subject, at, standing);
}

/**
 * So many paths are tried: whoever stands above somebody may certify her, and those between, without
 * end. By that she hides only who stands below herself, whom she could suspend as well.
 */
const PATHS_MAX = 1000;

function firstGood(
  paths: Iterable<readonly SignedCertificate[]>,
  root: PathRoot,
  author: VerifyKey,
  at: number,
  standing: Standing | undefined,
): Result<readonly SignedCertificate[], PathError> {
  let nearest: PathError = { kind: "certificate-path" };
  let tried = 0;
  for (const path of paths) {
    tried += 1;
    if (tried > PATHS_MAX) break;
    const checked = checkPath(root, path, author, at, standing);
    if (checked.ok) return ok(path);
    // A path that was suspended says more than one that was not valid then, and that more than none.
    if (checked.error.kind === "certificate-suspended") nearest = checked.error;
    else if (nearest.kind === "certificate-path") nearest = checked.error;
  }
  return fail(nearest);
}

function* extended(
  paths: Iterable<readonly SignedCertificate[]>,
  last: SignedCertificate,
): Generator<readonly SignedCertificate[]> {
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
 * Every step up must have a higher role, so that a ring of certificates is no endless path, and must
 * come from below the root, so that strangers, who certify whom they like, lead nobody astray.
 */
function* candidates(
  book: CertificateBook,
  root: VerifyKey,
  author: VerifyKey,
  below: number,
): Generator<readonly SignedCertificate[]> {
  if (equalBytes(root, author)) {
    yield [];
    return;
  }
  const ranks = ranksBelow(book, root);
  if ((ranks.get(toHex(author)) ?? below) >= below) return;
  for (const last of book.about.get(toHex(author)) ?? []) {
    const { role, issuer } = last.payload;
    if (RANK[role] >= below) continue;
    for (const path of candidates(book, root, issuer, RANK[role])) yield [...path, last];
  }
}

/**
 * The highest rank that a path from a root gives each key below it.
 *
 * Cost:    by what the root's own tree has, once for each root and book.
 */
function ranksBelow(book: CertificateBook, root: VerifyKey): ReadonlyMap<string, number> {
  const name = toHex(root);
  const known = book.below.get(name);
  if (known !== undefined) return known;
  const ranks = new Map([[name, RANK.organisation]]);
  for (const rank of [RANK.department, RANK.physician, RANK.device]) {
    for (const [issuer, its] of [...ranks]) {
      if (its >= rank) continue;
      for (const { payload } of book.by.get(issuer) ?? []) {
        const subject = toHex(payload.subject);
        if (RANK[payload.role] === rank && !ranks.has(subject)) ranks.set(subject, rank);
      }
    }
  }
  book.below.set(name, ranks);
  return ranks;
}
