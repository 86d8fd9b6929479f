import { type Bytes, fail, ok, type Result } from "@salus/base";
import { identifierText, type KeyStore } from "@salus/client";
import {
  decodeAs,
  decodeCbor,
  encodeCbor,
  encodeMessage,
  type Identifier,
  type Mailbox,
  mailboxSchema,
} from "@salus/protocol";
import type { Failure } from "../words.ts";

/** One file for all: names of files are in the clear, and would say who was looked for. */
const FILE = "found";
/** The newest so many are remembered. */
const KEPT = 500;

type Entry = readonly [identifier: string, mailbox: Bytes];

/**
 * Remember the mailbox that somebody was found at: the key in it is the only one whose answers count.
 *
 * A mailbox is of nobody in particular: it may be a decoy, and only an answer tells.
 *
 * Fails:   `store-damaged`.
 */
export async function rememberFound(
  store: KeyStore,
  identifier: Identifier,
  mailbox: Mailbox,
): Promise<Result<void, Failure>> {
  const book = await readBook(store);
  if (!book.ok) return book;
  const name = identifierText(identifier);
  const others = book.value.filter(([other]) => other !== name);
  const kept = [...others, [name, encodeMessage(mailbox)]].slice(-KEPT);
  await store.write(FILE, encodeCbor(kept));
  return ok(undefined);
}

/** The mailbox of an earlier look-up, if there was one. Fails: `store-damaged`. */
export async function foundBefore(
  store: KeyStore,
  identifier: Identifier,
): Promise<Result<Mailbox | undefined, Failure>> {
  const book = await readBook(store);
  if (!book.ok) return book;
  const name = identifierText(identifier);
  const entry = book.value.find(([other]) => other === name);
  if (entry === undefined) return ok(undefined);
  const mailbox = decodeAs(mailboxSchema, entry[1], FILE);
  return mailbox.ok ? mailbox : fail({ kind: "store-damaged", name: FILE });
}

async function readBook(store: KeyStore): Promise<Result<readonly Entry[], Failure>> {
  const stored = await store.read(FILE);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return ok([]);
  const read = decodeCbor(stored.value, FILE);
  const entries: readonly unknown[] =
    read.ok && Array.isArray(read.value) ? read.value : [undefined];
  const sound = entries.every(isEntry);
  return sound ? ok(entries) : fail({ kind: "store-damaged", name: FILE });
}

function isEntry(item: unknown): item is Entry {
  if (!Array.isArray(item) || item.length !== 2) return false;
  return typeof item[0] === "string" && item[1] instanceof Uint8Array;
}
