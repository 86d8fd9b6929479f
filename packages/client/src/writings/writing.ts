import { type Bytes, equalBytes, fail, ok, type Result, toHex, utf8 } from "@salus/base";
import { digest, mailboxId, type StatementError, verifySigned } from "@salus/evaluate";
import { type Mailbox, type VaultHandle, type VerifyKey, WRITING_BYTES_MAX } from "@salus/protocol";
import type { Card, Identity } from "../identity.ts";
import type { Provider, Registry } from "../registry/registry.ts";
import type { Letter } from "../requests/answers.ts";
import type { Resource } from "../resource.ts";

/** Why something that a practitioner writes is not handed over, or not taken. Spec: requests §6. */
export type WritingError =
  | StatementError
  /** No certificate path leads from an organisation to this key, or it is suspended. */
  | { readonly kind: "not-certified" }
  /** It was written for another organisation's gateway. */
  | { readonly kind: "not-for-you" }
  /** Too old, or of a time that has yet to come. */
  | { readonly kind: "writing-void" }
  /** More than fits one parcel. */
  | { readonly kind: "writing-too-long" }
  /** The organisation's key takes no parcels: it is not of suite 1. */
  | { readonly kind: "no-mailbox" };

/** Something written, on its way to the gateway that stores it. */
export interface HandedOver {
  readonly letter: Letter;
  /** The id that the record will have. */
  readonly id: string;
}

/** Something that a practitioner has written, and the gateway has verified. */
export interface ReadWriting {
  readonly vault: VaultHandle;
  /** With the id that it is stored under. */
  readonly resource: Resource;
  /** Provider nodes below the organisation, down to the author. */
  readonly path: readonly string[];
  readonly author: Provider;
}

const AHEAD_MS = 300_000;
const AGE_MAX_MS = 30 * 86_400_000;
const ID_BYTES = 16;

/**
 * Sign what a practitioner has written, for the gateway of her organisation.
 *
 * Takes:   `resource` without an id: its name is what the signature makes it.
 * Leaks:   nothing until it is sealed to the organisation's mailbox.
 * Fails:   `not-certified`, `writing-too-long`, `no-mailbox`.
 * Source:  spec/requests.md §6; vectors/requests-v1.json.
 */
export function signWriting(
  author: Identity,
  registry: Registry,
  vault: VaultHandle,
  resource: Resource,
  now: number = Date.now(),
): Result<HandedOver, WritingError> {
  const own = registry.byKey(author.card.sign);
  const organisation = registry.byNode(own?.path[0] ?? "");
  if (own?.standing !== "good" || organisation?.standing !== "good") {
    return fail({ kind: "not-certified" });
  }
  const to = organisationMailbox(organisation.card);
  if (to === undefined) return fail({ kind: "no-mailbox" });
  const text = JSON.stringify(resource);
  if (utf8(text).length > WRITING_BYTES_MAX) return fail({ kind: "writing-too-long" });
  const said = { organisation: organisation.card.sign, vault, resource: text, time: now };
  const statement = author.signer.sign("writing", said);
  return ok({ letter: { to, kind: "writing", statement }, id: writingId(statement) });
}

/** Where an organisation's gateway collects. Gives: nothing for a key that is not of suite 1. */
function organisationMailbox({ sign, suite, kem }: Card): Mailbox | undefined {
  return suite === 1 ? { id: mailboxId(sign), sign, suite, kem } : undefined;
}

/** The id under which a writing is stored: nobody can choose one that is taken. */
function writingId(statement: Bytes): string {
  return `w-${toHex(digest(statement).subarray(0, ID_BYTES))}`;
}

/**
 * Read what came to an organisation's mailbox.
 *
 * Takes:   `organisation`, the key that collects it.
 * Fails:   any `StatementError`, `not-for-you`, `not-certified`, `writing-void`, `malformed`.
 * Source:  spec/requests.md §6.
 */
export function readWriting(
  statement: Bytes,
  registry: Registry,
  organisation: VerifyKey,
  now: number = Date.now(),
): Result<ReadWriting, WritingError> {
  const read = verifySigned("writing", statement);
  if (!read.ok) return read;
  const { payload, signer } = read.value;
  if (!equalBytes(payload.organisation, organisation)) return fail({ kind: "not-for-you" });
  const author = registry.byKey(signer);
  const above = registry.byKey(organisation);
  const writes = author?.role === "physician" || author?.role === "device";
  const below = above !== undefined && author?.path[0] === above.node;
  if (author === undefined || !writes || !below || author.standing !== "good") {
    return fail({ kind: "not-certified" });
  }
  const { time, vault } = payload;
  if (time > now + AHEAD_MS || time < now - AGE_MAX_MS) return fail({ kind: "writing-void" });
  const resource = resourceOf(payload.resource);
  if (resource === undefined) return fail({ kind: "malformed", what: "writing" });
  const named = { ...resource, id: writingId(statement) };
  return ok({ vault, resource: named, path: author.path.slice(1), author });
}

function resourceOf(text: string): Resource | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
  const { resourceType, id } = read as Partial<Resource>;
  return typeof resourceType === "string" && id === undefined ? (read as Resource) : undefined;
}
