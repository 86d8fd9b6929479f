import { type Bytes, ok, type Result, toHex } from "@salus/base";
import {
  type Opened,
  type OpenedRequest,
  readNotice,
  readParcels,
  removeParcel,
  type SeenLookUp,
  sendParcel,
} from "@salus/client";
import type { Failure } from "../problem.ts";
import type { Decider } from "./decider.ts";

/** A request that waits for an answer. */
export interface Pending {
  /** Of the parcel that it came in. */
  readonly number: number;
  readonly opened: OpenedRequest;
}

/** Something that came and is not shown: whoever sent it is not shown to be who she says. */
export interface NotShown {
  readonly number: number;
  readonly time: number;
  /** Why. */
  readonly kind: Failure["kind"];
}

/** What a patient's mailbox holds. */
export interface Inbox {
  readonly pending: readonly Pending[];
  /** Who looked for her. */
  readonly lookUps: readonly SeenLookUp[];
  readonly notShown: readonly NotShown[];
}

/**
 * Look through a patient's mailbox. What was answered before is answered once more, in case the answer
 * was lost, and forgotten.
 *
 * Fails:   any `CloudError`, `store-damaged`.
 */
export async function readInbox(decider: Decider): Promise<Result<Inbox, Failure>> {
  const items = await readAll(decider);
  if (!items.ok) return items;
  const inbox = {
    pending: [] as Pending[],
    lookUps: [] as SeenLookUp[],
    notShown: [] as NotShown[],
  };
  for (const item of items.value) {
    const sorted = await sort(decider, item, inbox);
    if (!sorted.ok) return sorted;
  }
  const { pending } = decider.held;
  pending.clear();
  for (const one of inbox.pending) pending.set(toHex(one.opened.request.request), one);
  return ok(inbox);
}

interface Sorting {
  readonly pending: Pending[];
  readonly lookUps: SeenLookUp[];
  readonly notShown: NotShown[];
}

async function sort(
  decider: Decider,
  item: Opened,
  { pending, lookUps, notShown }: Sorting,
): Promise<Result<void, Failure>> {
  const { number, time } = item;
  if (item.type === "unreadable") notShown.push({ number, time, kind: "unreadable" });
  else if (item.type === "notice") {
    const { policy, statuses } = decider.registry;
    const seen = await readNotice(item.notice, decider.open.store, policy, statuses);
    if (seen.ok) lookUps.push(seen.value);
    else notShown.push({ number, time, kind: seen.error.kind });
  } else if (item.kind === "request") {
    const opened = await decider.requests.open(item.statement);
    if (opened.ok) pending.push({ number, opened: opened.value });
    else if (opened.error.kind === "request-answered") {
      return answerAgain(decider, number, item.statement);
    } else notShown.push({ number, time, kind: opened.error.kind });
  }
  return ok(undefined);
}

async function readAll({
  session,
  mailboxes,
}: Decider): Promise<Result<readonly Opened[], Failure>> {
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

async function answerAgain(
  { requests, session }: Decider,
  number: number,
  statement: Bytes,
): Promise<Result<void, Failure>> {
  const letter = await requests.letterFor(statement);
  if (letter.ok && letter.value !== undefined) {
    const { to, kind, statement: answer } = letter.value;
    const sent = await sendParcel(session, to, kind, answer);
    if (!sent.ok) return sent;
  }
  return removeParcel(session, number);
}
