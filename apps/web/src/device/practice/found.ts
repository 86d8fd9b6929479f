import { fail, fromHex, ok, type Result, toHex } from "@salus/base";
import {
  decodeInvitation,
  findPatient,
  identifierText,
  readIdentifier,
  type StoreDamaged,
} from "@salus/client";
import {
  decodeAs,
  encodeMessage,
  type IdentifierKind,
  type Mailbox,
  mailboxSchema,
} from "@salus/protocol";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { Kept } from "./kept.ts";

/**
 * Somebody who was looked for. It may be nobody: a look-up answers a mailbox in any case, and only an
 * answer from there tells.
 */
export interface Found {
  /** What the address of a screen names it by. */
  readonly id: string;
  /** `kind|value` as the patient will read it; empty when her code was read. */
  readonly identifier: string;
  /** The signed-up patient's mailbox, or a decoy, in hexadecimal. */
  readonly mailbox: string;
  readonly time: number;
}

/** What somebody types to find a patient. */
export interface Sought {
  readonly kind: IdentifierKind;
  readonly text: string;
  /** Country of a phone number without one. */
  readonly region: string;
  /** A v3-PurposeOfUse code, which the patient will read. */
  readonly reason: string;
}

const BOOK = new Kept<readonly Found[]>("web/found", []);
const KEPT = 200;
const ID_BYTES = 8;

/**
 * Look a patient up by one identifier, which the directory does not learn.
 *
 * Gives:   where to ask, and nothing else: whether she exists, only she tells.
 * Fails:   any `IdentifierError`, `not-certified`, any `DiscoveryError`.
 */
export function find(sought: Sought): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const identifier = readIdentifier(sought.kind, sought.text, sought.region);
    if (!identifier.ok) return identifier;
    const session = open.session();
    if (!session.ok) return session;
    const registry = await open.registry();
    if (!registry.ok) return registry;
    const { signer, card } = open.identity;
    const credentials = registry.value.credentials(card.sign);
    if (credentials === undefined) return fail({ kind: "not-certified" });
    const asker = { signer, ...credentials };
    const found = await findPatient(session.value, asker, identifier.value, sought.reason);
    return found.ok ? remember(open, identifierText(identifier.value), found.value) : found;
  });
}

/** Take the code that a patient shows. Fails: `bad-invitation`: it is not a patient's. */
export function findByCode(text: string): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const code = decodeInvitation(text.trim());
    if (!code.ok) return code;
    if (code.value.kind !== "patient") return fail({ kind: "bad-invitation" });
    return remember(open, "", code.value.mailbox);
  });
}

/** By what somebody was looked for: `kind|value`, or nothing for a code. Fails: `not-found`. */
export function foundBy(id: string): Promise<Result<string, Problem>> {
  return withOpen(async (open) => {
    const found = await foundBefore(open, id);
    return found.ok ? ok(found.value.identifier) : found;
  });
}

/** Somebody who was looked for before. Fails: `not-found`, `store-damaged`. */
export async function foundBefore(open: Open, id: string): Promise<Result<Found, Failure>> {
  const book = await BOOK.read(open.store);
  if (!book.ok) return book;
  const found = book.value.find((one) => one.id === id);
  return found === undefined ? fail({ kind: "not-found" }) : ok(found);
}

export function mailboxOf({ mailbox }: Found): Result<Mailbox, StoreDamaged> {
  const bytes = fromHex(mailbox);
  const read = bytes.ok ? decodeAs(mailboxSchema, bytes.value, "mailbox") : bytes;
  return read.ok ? read : fail({ kind: "store-damaged", name: "web/found" });
}

async function remember(
  open: Open,
  identifier: string,
  mailbox: Mailbox,
): Promise<Result<string, Failure>> {
  const id = toHex(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
  const found = { id, identifier, mailbox: toHex(encodeMessage(mailbox)), time: Date.now() };
  const kept = await BOOK.change(open.store, (book) => [...book, found].slice(-KEPT));
  return kept.ok ? ok(id) : kept;
}
