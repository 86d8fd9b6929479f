import { assert, type Brand, type Bytes, fail, fromHex, ok, type Result } from "@salus/base";

/**
 * Everything that crosses the wire as opaque bytes, told apart by the compiler.
 *
 * Each name is a type and a value: the type is a brand over bytes, the value turns untrusted bytes
 * into it. No function takes the unbranded parent, so that one identifier never passes for another.
 */
export interface Opaque<T extends Bytes> {
  /** Fails:   `malformed` when the length is not one that this kind can have. */
  parse(bytes: Uint8Array): Result<T, Malformed>;
  /** Read lower-case hexadecimal, as in JSON and URLs. Fails: `malformed`. */
  fromHex(text: string): Result<T, Malformed>;
  /** Brand bytes that this program made itself. A wrong length is a bug and throws. */
  of(bytes: Uint8Array): T;
}

/** Bytes from outside are not what they claim to be; `what` names the kind, never the content. */
export interface Malformed {
  readonly kind: "malformed";
  readonly what: string;
}

/** A patient's vault: the SHA-256 of the first link of her chain. Spec: keys §3. */
export type VaultHandle = Brand<Bytes, "VaultHandle">;
export const VaultHandle: Opaque<VaultHandle> = ofLength("vault handle", 32);

/** A person's account: the SHA-256 of the first link of its chain. Spec: accounts §3. */
export type AccountHandle = Brand<Bytes, "AccountHandle">;
export const AccountHandle: Opaque<AccountHandle> = ofLength("account handle", 32);

/** One way to unlock an account, drawn by the device that adds it. Spec: accounts §3. */
export type UnlockId = Brand<Bytes, "UnlockId">;
export const UnlockId: Opaque<UnlockId> = ofLength("unlock id", 16);

/** Whoever an account root is wrapped to: the id of a device, or of a way to unlock. */
export type OpenerId = Brand<Bytes, "OpenerId">;
export const OpenerId: Opaque<OpenerId> = ofLength("opener id", 16);

/** What the directory knows a login by: a digest, never the login. Spec: accounts §4. */
export type LoginTag = Brand<Bytes, "LoginTag">;
export const LoginTag: Opaque<LoginTag> = ofLength("login tag", 32);

/** One session with the directory: useless without its key. Spec: accounts §5. */
export type SessionId = Brand<Bytes, "SessionId">;
export const SessionId: Opaque<SessionId> = ofLength("session id", 16);

/** A sign-up, sign-in, step-up or recovery that has begun, drawn by the directory. */
export type AttemptId = Brand<Bytes, "AttemptId">;
export const AttemptId: Opaque<AttemptId> = ofLength("attempt id", 16);

/** A second factor of an account, drawn by the directory. Spec: accounts §4. */
export type FactorId = Brand<Bytes, "FactorId">;
export const FactorId: Opaque<FactorId> = ofLength("factor id", 16);

/** Where parcels for an account are left. Spec: discovery §4. */
export type MailboxId = Brand<Bytes, "MailboxId">;
export const MailboxId: Opaque<MailboxId> = ofLength("mailbox id", 16);

/** What the oblivious function makes of an identifier: its first 32 bytes. Spec: discovery §2. */
export type IdentifierTag = Brand<Bytes, "IdentifierTag">;
export const IdentifierTag: Opaque<IdentifierTag> = ofLength("identifier tag", 32);

/** An element of ristretto255 as it was received: whether it is one, only who decodes it says. */
export type Element = Brand<Bytes, "Element">;
export const Element: Opaque<Element> = ofLength("element", 32);

/** A proof that a number is an account's, drawn by the directory. Spec: discovery §3. */
export type ProofId = Brand<Bytes, "ProofId">;
export const ProofId: Opaque<ProofId> = ofLength("proof id", 16);

/** An organisation in one vault, drawn by the patient's device. Spec: keys §3. */
export type SourceHandle = Brand<Bytes, "SourceHandle">;
export const SourceHandle: Opaque<SourceHandle> = ofLength("source handle", 16);

/** One (source, category, generation) of a vault. Spec: keys §3. */
export type CellHandle = Brand<Bytes, "CellHandle">;
export const CellHandle: Opaque<CellHandle> = ofLength("cell handle", 16);

/** One (node of the provider tree, category, map version). Spec: keys §3. */
export type ScopeHandle = Brand<Bytes, "ScopeHandle">;
export const ScopeHandle: Opaque<ScopeHandle> = ofLength("scope handle", 16);

/** One column of an index, within its scope or cell. Spec: keys §3. */
export type AttributeHandle = Brand<Bytes, "AttributeHandle">;
export const AttributeHandle: Opaque<AttributeHandle> = ofLength("attribute handle", 16);

/** One record of one source in one vault, the same at every revision. Spec: keys §3. */
export type RecordHandle = Brand<Bytes, "RecordHandle">;
export const RecordHandle: Opaque<RecordHandle> = ofLength("record handle", 16);

/** One upload batch, drawn by the source. Spec: batch. */
export type BatchId = Brand<Bytes, "BatchId">;
export const BatchId: Opaque<BatchId> = ofLength("batch id", 16);

/** One device of a patient, drawn by the device. Spec: chain §1. */
export type DeviceId = Brand<Bytes, "DeviceId">;
export const DeviceId: Opaque<DeviceId> = ofLength("device id", 16);

/** One grant, drawn by the patient's device. Spec: chain §1. */
export type GrantHandle = Brand<Bytes, "GrantHandle">;
export const GrantHandle: Opaque<GrantHandle> = ofLength("grant handle", 16);

/** One request for access, drawn by who asks. Spec: sharing §4. */
export type RequestHandle = Brand<Bytes, "RequestHandle">;
export const RequestHandle: Opaque<RequestHandle> = ofLength("request handle", 16);

/** An Ed25519 public key as it was received: whether it is a good one, only the verifier says. */
export type VerifyKey = Brand<Bytes, "VerifyKey">;
export const VerifyKey: Opaque<VerifyKey> = ofLength("verify key", 32);

/** Where a certificate stands in the registry: its subject's key, then the digest of its signed bytes. */
export type RegistryPosition = Brand<Bytes, "RegistryPosition">;
export const RegistryPosition: Opaque<RegistryPosition> = ofLength("registry position", 64);

/** A SHA-256 digest: of a statement, of an envelope, or the root of a Merkle tree. */
export type Digest = Brand<Bytes, "Digest">;
export const Digest: Opaque<Digest> = ofLength("digest", 32);

/** Zero bytes, where a field holds a handle or key, or none. */
export type Absent = Brand<Bytes, "Absent">;
export const Absent: Opaque<Absent> = ofLength("absent value", 0);

/** Whether a field that may hold a handle or key holds none. */
export function isAbsent(value: Bytes): value is Absent {
  return value.length === 0;
}

/** One entry, or one probe, of an ordered index: compared as unsigned bytes. Spec: ordered-index. */
export type Term = Brand<Bytes, "Term">;
export const Term: Opaque<Term> = ofLength("term", 16);

/** What a sealed index holds of one value. Spec: sealed-index §2. */
export type RightHalf = Brand<Bytes, "RightHalf">;
export const RightHalf: Opaque<RightHalf> = opaque("right half", isRightHalfLength);

/** What a query on a sealed index sends of one bound. Spec: sealed-index §3. */
export type LeftHalf = Brand<Bytes, "LeftHalf">;
export const LeftHalf: Opaque<LeftHalf> = opaque("left half", isLeftHalfLength);

/** What a query sends of one keyword. Spec: tags. */
export type TagToken = Brand<Bytes, "TagToken">;
export const TagToken: Opaque<TagToken> = ofLength("tag token", 16);

/** The keywords of one record in one cell: a nonce and the padded, sorted tags. Spec: tags. */
export type TagList = Brand<Bytes, "TagList">;
export const TagList: Opaque<TagList> = opaque("tag list", isTagListLength);

function ofLength<T extends Bytes>(what: string, size: number): Opaque<T> {
  return opaque(what, (length) => length === size);
}

function opaque<T extends Bytes>(what: string, fits: (length: number) => boolean): Opaque<T> {
  const parse = (bytes: Uint8Array): Result<T, Malformed> =>
    fits(bytes.length) ? ok(own(bytes) as T) : fail({ kind: "malformed", what });
  return {
    parse,
    fromHex(text) {
      const bytes = fromHex(text);
      return bytes.ok ? parse(bytes.value) : fail({ kind: "malformed", what });
    },
    of(bytes) {
      assert(fits(bytes.length), `a ${what} has the length of one`);
      return own(bytes) as T;
    },
  };
}

/**
 * The same bytes as a plain array: what a database driver gives is a Buffer over a shared pool.
 *
 * Nothing here is shared between threads. To ask for the `buffer` would make the engine move a short
 * array out of its heap, which takes as long as the hash that most of them are.
 */
function own(bytes: Uint8Array): Bytes {
  const plain = Object.getPrototypeOf(bytes) === Uint8Array.prototype;
  return plain ? (bytes as Bytes) : Uint8Array.from(bytes);
}

function isRightHalfLength(length: number): boolean {
  const wideBlocks = (length - 14) / 4;
  return length === 48 || (Number.isInteger(wideBlocks) && wideBlocks >= 3 && wideBlocks <= 12);
}

function isLeftHalfLength(length: number): boolean {
  const blocks = length / 17;
  return blocks === 1 || (Number.isInteger(blocks) && blocks >= 3 && blocks <= 12);
}

/** Spec: tags: 8, 12, 16, 24 … 1,024 tags: the powers of two, and one and a half of each. */
function isTagListLength(length: number): boolean {
  const tags = (length - 16) / 8;
  for (let size = 8; size <= 1024; size *= 2) {
    if (tags === size || (tags === size * 1.5 && size < 1024)) return true;
  }
  return false;
}
