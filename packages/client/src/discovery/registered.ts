import { equalBytes, fail, ok, type Result } from "@salus/base";
import {
  decodeCbor,
  encodeCbor,
  IDENTIFIER_KINDS,
  type Identifier,
  type IdentifierKind,
  IdentifierTag,
  type IdentifierValue,
  type ProofId,
  type RegisteredIdentifier,
} from "@salus/protocol";
import type { KeyStore, StoreDamaged } from "../key-store.ts";
import type { DirectorySession, DiscoveryError } from "./session.ts";
import { tagsOf } from "./tag.ts";

/** An identifier that an account is found by. */
export interface OwnIdentifier extends RegisteredIdentifier {
  /** What the tag was made of; nothing when another device registered it: the directory cannot say. */
  readonly value: IdentifierValue | undefined;
}

/** A code for a phone that is to be registered, and the proof that it belongs to. */
export type PhoneCode = readonly [proof: ProofId, code: string];

/**
 * Be found by an identifier.
 *
 * Takes:   `proof`, for a phone, when a code has arrived there.
 * Leaks:   to the directory: that this account has some identifier of this kind; of a phone that is
 *          proven, the number.
 * Fails:   any `DiscoveryError`; as `refused`: `quota`, `code-refused`.
 * Source:  spec/discovery.md §3.
 */
export async function registerIdentifier(
  session: DirectorySession,
  identifier: Identifier,
  proof?: PhoneCode,
): Promise<Result<IdentifierTag, DiscoveryError>> {
  const tags = await tagsOf(session, [identifier]);
  if (!tags.ok) return tags;
  const [tag] = tags.value;
  if (tag === undefined) return fail({ kind: "malformed-answer", what: "evaluated" });
  // Known before it is registered: what is registered and not known could not be shown.
  const kept = await remember(session.store, { ...identifier, tag });
  if (!kept.ok) return kept;
  const { kind } = identifier;
  const registration = { tag, kind, proof: proof ?? ([] as const) };
  const done = await session.directory.registerIdentifier(session.caller, registration);
  return done.ok ? ok(tag) : done;
}

/**
 * Have a code sent to a number, to register it as proven.
 *
 * Leaks:   to the directory, and to whoever carries its text messages: the number.
 * Fails:   any `DiscoveryError`; as `refused`: `sms-off`, `quota`.
 */
export async function provePhone(
  { directory, caller }: DirectorySession,
  phone: Identifier,
): Promise<Result<ProofId, DiscoveryError>> {
  const sent = await directory.provePhone(caller, { number: phone.value });
  return sent.ok ? ok(sent.value.proof) : sent;
}

/** What this account is found by. Fails: any `DiscoveryError`. */
export async function listIdentifiers({
  directory,
  caller,
  store,
}: DirectorySession): Promise<Result<readonly OwnIdentifier[], DiscoveryError>> {
  const listed = await directory.identifiers(caller);
  if (!listed.ok) return listed;
  const known = await knownIdentifiers(store);
  if (!known.ok) return known;
  const own = listed.value.identifiers.map((one) => ({
    ...one,
    value: known.value.find(({ tag }) => equalBytes(tag, one.tag))?.value,
  }));
  return ok(own);
}

/** Be found by an identifier no longer. Fails: any `DiscoveryError`. */
export async function removeIdentifier(
  { directory, caller, store }: DirectorySession,
  tag: IdentifierTag,
): Promise<Result<void, DiscoveryError>> {
  const removed = await directory.removeIdentifier(caller, tag);
  if (!removed.ok) return removed;
  const known = await knownIdentifiers(store);
  if (!known.ok) return known;
  const left = known.value.filter((one) => !equalBytes(one.tag, tag));
  await store.write(FILE, encodeBook(left));
  return ok(undefined);
}

interface KnownIdentifier extends Identifier {
  readonly tag: IdentifierTag;
}

const FILE = "identifiers";

/** The identifiers that this device has registered, by their tags. */
export async function knownIdentifiers(
  store: KeyStore,
): Promise<Result<readonly KnownIdentifier[], StoreDamaged>> {
  const bytes = await store.read(FILE);
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return ok([]);
  const book = decodeCbor(bytes.value, FILE);
  const items: readonly unknown[] = book.ok && Array.isArray(book.value) ? book.value : [undefined];
  const known = items.map(readKnown);
  const whole = known.every((one) => one !== undefined);
  return whole ? ok(known) : fail({ kind: "store-damaged", name: FILE });
}

function readKnown(item: unknown): KnownIdentifier | undefined {
  if (!Array.isArray(item) || item.length !== 3) return undefined;
  const [kind, value, bytes] = item as readonly unknown[];
  if (!isKind(kind) || typeof value !== "string" || !(bytes instanceof Uint8Array)) {
    return undefined;
  }
  const tag = IdentifierTag.parse(bytes);
  return tag.ok ? { kind, value: value as IdentifierValue, tag: tag.value } : undefined;
}

function isKind(kind: unknown): kind is IdentifierKind {
  return IDENTIFIER_KINDS.some((one) => one === kind);
}

function encodeBook(known: readonly KnownIdentifier[]): Uint8Array {
  return encodeCbor(known.map(({ kind, value, tag }) => [kind, value, tag]));
}

async function remember(
  store: KeyStore,
  identifier: KnownIdentifier,
): Promise<Result<void, StoreDamaged>> {
  const known = await knownIdentifiers(store);
  if (!known.ok) return known;
  const others = known.value.filter(({ tag }) => !equalBytes(tag, identifier.tag));
  await store.write(FILE, encodeBook([...others, identifier]));
  return ok(undefined);
}
