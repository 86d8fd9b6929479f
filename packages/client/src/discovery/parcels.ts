import { assert, type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import { type MailboxKeys, PARCEL_TEXT_BYTES_MAX, sealParcel } from "@salus/crypto";
import type { Mailbox, Notice, ParcelKind, ParcelPage, Received } from "@salus/protocol";
import type { Directory } from "../directory/port.ts";
import type { CloudError } from "../failure.ts";
import { type DirectorySession, type DiscoveryError, pinnedInfo } from "./session.ts";

/** Something that lay in a mailbox. Nothing in it has been verified. */
export type Opened = OpenedParcel | OpenedNotice | UnreadableParcel;

export interface OpenedParcel {
  readonly type: "parcel";
  readonly number: number;
  readonly time: number;
  readonly kind: ParcelKind;
  /** A signed statement, or what says that it is one. */
  readonly statement: Bytes;
}

/** Somebody looked for the mailbox's owner: see `readNotice`. */
export interface OpenedNotice {
  readonly type: "notice";
  readonly number: number;
  readonly time: number;
  readonly notice: Notice;
}

/** A parcel that was sealed to another key, or was changed. */
export interface UnreadableParcel {
  readonly type: "unreadable";
  readonly number: number;
  readonly time: number;
}

export interface OpenedPage {
  readonly items: readonly Opened[];
  readonly more: boolean;
}

/**
 * Make a mailbox this account's: the one that who looks for its owner is given from now on.
 *
 * Leaks:   to the directory: which mailbox is this account's.
 * Fails:   any `DiscoveryError`; as `refused`: `step-up`.
 * Source:  spec/discovery.md §4.
 */
export async function claimMailbox(
  session: DirectorySession,
  { mailbox, signer }: MailboxKeys,
): Promise<Result<void, DiscoveryError>> {
  const info = await pinnedInfo(session);
  if (!info.ok) return info;
  const { id: audience, time } = info.value;
  const claim = { audience, session: session.caller.session, mailbox, time };
  const signed = signer.sign("mailbox", claim);
  const done = await session.directory.setMailbox(session.caller, { mailbox: signed });
  return done.ok ? ok(undefined) : done;
}

/**
 * Send a signed statement to a mailbox.
 *
 * Leaks:   to the directory: who sends to which mailbox, of what kind, and how many blocks of 4 KiB.
 * Fails:   any `CloudError`; as `refused`: `quota`.
 * Cost:    1.5 ms in Node.
 * Source:  spec/discovery.md §4.
 */
export async function sendParcel(
  { directory, caller }: Pick<DirectorySession, "directory" | "caller">,
  to: Mailbox,
  kind: ParcelKind,
  statement: Bytes,
): Promise<Result<void, CloudError>> {
  assert(statement.length <= PARCEL_TEXT_BYTES_MAX, "a statement fits a parcel");
  const sent = await directory.sendParcel(caller, await sealParcel(to, kind, statement));
  return sent.ok ? ok(undefined) : sent;
}

/**
 * A page of what is in this account's mailboxes, opened.
 *
 * Takes:   `keys`, of every account root that there was: parcels to an older mailbox arrive too.
 *          `after`, the last number that was read; 0 for the first page.
 * Fails:   any `CloudError`.
 */
export async function readParcels(
  { directory, caller }: Pick<DirectorySession, "directory" | "caller">,
  keys: readonly MailboxKeys[],
  after = 0,
): Promise<Result<OpenedPage, CloudError>> {
  const page = await directory.parcels(caller, after);
  return page.ok ? openPage(page.value, keys, after) : page;
}

/** Forget a parcel that was dealt with. Fails: any `CloudError`. */
export async function removeParcel(
  { directory, caller }: Pick<DirectorySession, "directory" | "caller">,
  number: number,
): Promise<Result<void, CloudError>> {
  const removed = await directory.removeParcel(caller, number);
  return removed.ok ? ok(undefined) : removed;
}

/**
 * A page of what is in the mailbox of an invitation, opened.
 *
 * Takes:   `done`, numbers that were dealt with, and are forgotten.
 * Leaks:   to the directory: that somebody waits for an answer to an invitation.
 * Fails:   any `CloudError`.
 */
export async function collectParcels(
  directory: Directory,
  keys: MailboxKeys,
  { after = 0, done = [] }: { readonly after?: number; readonly done?: readonly number[] } = {},
): Promise<Result<OpenedPage, CloudError>> {
  const page = await directory.collect({ signer: keys.signer }, { after, done });
  return page.ok ? openPage(page.value, [keys], after) : page;
}

/** A directory that promises more and gives the same again must not keep us here. */
async function openPage(
  { parcels, more }: ParcelPage,
  keys: readonly MailboxKeys[],
  after: number,
): Promise<Result<OpenedPage, CloudError>> {
  const ascends = parcels.every(({ number }, at) => number > (parcels[at - 1]?.number ?? after));
  if (!ascends || (more && parcels.length === 0)) {
    return fail({ kind: "malformed-answer", what: "parcels" });
  }
  const byId = new Map(keys.map((one) => [toHex(one.mailbox.id), one]));
  const items = await Promise.all(parcels.map((one) => openOne(one, byId)));
  return ok({ items, more });
}

async function openOne(
  received: Received,
  byId: ReadonlyMap<string, MailboxKeys>,
): Promise<Opened> {
  const { number, time } = received;
  if ("notice" in received) return { type: "notice", number, time, notice: received.notice };
  const { parcel } = received;
  const opened = await byId.get(toHex(parcel.to))?.open(parcel);
  if (!opened?.ok) return { type: "unreadable", number, time };
  return { type: "parcel", number, time, kind: parcel.kind, statement: opened.value };
}
