import { type Bytes, ok, type Result } from "@salus/base";
import type { MailboxKeys } from "@salus/crypto";
import { readNotice, type SeenLookUp } from "../discovery/notice.ts";
import { type Opened, readParcels, removeParcel, sendParcel } from "../discovery/parcels.ts";
import type { DirectorySession } from "../discovery/session.ts";
import type { CloudError } from "../failure.ts";
import type { StoreDamaged } from "../key-store.ts";
import type { Registry } from "../registry/registry.ts";
import type { OpenRequestError } from "./failure.ts";
import type { OpenedRequest } from "./open-request.ts";
import type { PatientRequests } from "./patient-requests.ts";

/** A request that waits for an answer. */
export interface Pending {
  /** Of the parcel that it came in. */
  readonly number: number;
  readonly opened: OpenedRequest;
}

type NoticeError = Extract<Awaited<ReturnType<typeof readNotice>>, { readonly ok: false }>["error"];

/** Something that came and is not shown: whoever sent it is not shown to be who she says. */
export interface NotShown {
  readonly number: number;
  readonly time: number;
  /** Why. */
  readonly kind: "unreadable" | (NoticeError | OpenRequestError | StoreDamaged)["kind"];
}

/** What a patient's mailbox holds. */
export interface Inbox {
  readonly pending: readonly Pending[];
  /** Who looked for her. */
  readonly lookUps: readonly SeenLookUp[];
  readonly notShown: readonly NotShown[];
}

/** A patient, signed in, before her mailbox. */
export interface InboxOwner {
  readonly session: DirectorySession;
  /** The newest first. */
  readonly mailboxes: readonly MailboxKeys[];
  readonly requests: PatientRequests;
  readonly registry: Pick<Registry, "policy" | "statuses">;
}

/**
 * Everything that lies in somebody's mailboxes, opened.
 *
 * Fails:   any `CloudError`.
 */
export async function readMailboxes(
  session: Pick<DirectorySession, "directory" | "caller">,
  mailboxes: readonly MailboxKeys[],
): Promise<Result<readonly Opened[], CloudError>> {
  const all: Opened[] = [];
  for (let after = 0; ; ) {
    const page = await readParcels(session, mailboxes, after);
    if (!page.ok) return page;
    all.push(...page.value.items);
    const last = page.value.items.at(-1);
    if (!page.value.more || last === undefined || last.number <= after) return ok(all);
    after = last.number;
  }
}

/**
 * Look through a patient's mailbox. What was answered before is answered once more, in case the answer
 * was lost, and forgotten.
 *
 * Fails:   any `CloudError`.
 */
export async function readInbox(owner: InboxOwner): Promise<Result<Inbox, CloudError>> {
  const items = await readMailboxes(owner.session, owner.mailboxes);
  if (!items.ok) return items;
  const inbox: Sorting = { pending: [], lookUps: [], notShown: [] };
  for (const item of items.value) {
    const sorted = await sort(owner, item, inbox);
    if (!sorted.ok) return sorted;
  }
  return ok(inbox);
}

interface Sorting {
  readonly pending: Pending[];
  readonly lookUps: SeenLookUp[];
  readonly notShown: NotShown[];
}

async function sort(
  owner: InboxOwner,
  item: Opened,
  { pending, lookUps, notShown }: Sorting,
): Promise<Result<void, CloudError>> {
  const { number, time } = item;
  if (item.type === "unreadable") notShown.push({ number, time, kind: "unreadable" });
  else if (item.type === "notice") {
    const { policy, statuses } = owner.registry;
    const seen = await readNotice(item.notice, owner.session.store, policy, statuses);
    if (seen.ok) lookUps.push(seen.value);
    else notShown.push({ number, time, kind: seen.error.kind });
  } else if (item.kind === "request") {
    const opened = await owner.requests.open(item.statement);
    if (opened.ok) pending.push({ number, opened: opened.value });
    else if (opened.error.kind === "request-answered") {
      return answerAgain(owner, number, item.statement);
    } else notShown.push({ number, time, kind: opened.error.kind });
  }
  return ok(undefined);
}

async function answerAgain(
  { requests, session }: InboxOwner,
  number: number,
  statement: Bytes,
): Promise<Result<void, CloudError>> {
  const letter = await requests.letterFor(statement);
  if (letter.ok && letter.value !== undefined) {
    const { to, kind, statement: answer } = letter.value;
    const sent = await sendParcel(session, to, kind, answer);
    if (!sent.ok) return sent;
  }
  return removeParcel(session, number);
}
