import { type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import {
  type Opened,
  type OpenedRequest,
  type PatientRequests,
  readNotice,
  readParcels,
  removeParcel,
  type SeenLookUp,
  sendParcel,
} from "@salus/client";
import type { Member } from "../accounts/member.ts";
import type { Failure } from "../words.ts";
import type { Decider } from "./decider.ts";

/** A request that waits for an answer. */
export interface Pending {
  /** Of the parcel that it came in. */
  readonly number: number;
  readonly opened: OpenedRequest;
}

/** What a patient's mailbox holds. */
export interface Inbox {
  readonly pending: readonly Pending[];
  /** Who looked for her. */
  readonly lookUps: readonly SeenLookUp[];
  /** What is not shown, by why. */
  readonly refused: readonly { readonly number: number; readonly kind: string }[];
}

/** Everything that lies in somebody's mailboxes, opened. Fails: any `CloudError`. */
export async function readAll({
  directory,
  mailboxes,
}: Member): Promise<Result<readonly Opened[], Failure>> {
  const all: Opened[] = [];
  for (let after = 0; ; ) {
    const page = await readParcels(directory, mailboxes, after);
    if (!page.ok) return page;
    all.push(...page.value.items);
    const last = page.value.items.at(-1);
    if (!page.value.more || last === undefined) return ok(all);
    after = last.number;
  }
}

/**
 * Look through a patient's mailbox. What was answered before is answered once more, in case the answer
 * was lost, and forgotten.
 *
 * Fails:   any `CloudError`, `store-damaged`.
 */
export async function readInbox(decider: Decider): Promise<Result<Inbox, Failure>> {
  const { member, registry, requests } = decider;
  const items = await readAll(member);
  if (!items.ok) return items;
  const pending: Pending[] = [];
  const lookUps: SeenLookUp[] = [];
  const refused: { number: number; kind: string }[] = [];
  for (const item of items.value) {
    const { number } = item;
    if (item.type === "notice") {
      const { store } = member.directory;
      const seen = await readNotice(item.notice, store, registry.policy, registry.statuses);
      if (seen.ok) lookUps.push(seen.value);
      else refused.push({ number, kind: seen.error.kind });
    } else if (item.type === "unreadable") refused.push({ number, kind: "unreadable" });
    else if (item.kind === "request") {
      const opened = await requests.open(item.statement);
      if (opened.ok) pending.push({ number, opened: opened.value });
      else if (opened.error.kind === "request-answered") {
        const settled = await settle(member, requests, number, item.statement);
        if (!settled.ok) return settled;
      } else refused.push({ number, kind: opened.error.kind });
    }
  }
  return ok({ pending, lookUps, refused });
}

async function settle(
  member: Member,
  requests: PatientRequests,
  number: number,
  statement: Bytes,
): Promise<Result<void, Failure>> {
  const letter = await requests.letterFor(statement);
  if (letter.ok && letter.value !== undefined) {
    const { to, kind, statement: answer } = letter.value;
    const sent = await sendParcel(member.directory, to, kind, answer);
    if (!sent.ok) return sent;
  }
  return removeParcel(member.directory, number);
}

/** A request by the beginning of its name. Fails: `unknown-name`, `ambiguous-name`. */
export function pendingOf({ pending }: Inbox, text: string): Result<Pending, Failure> {
  const what = "a request that waits for an answer";
  const nameOf = ({ opened }: Pending): string => toHex(opened.request.request);
  const found = pending.filter((one) => nameOf(one).startsWith(text.toLowerCase()));
  const [first] = found;
  if (first !== undefined && found.length === 1) return ok(first);
  const kind = first === undefined ? "unknown-name" : "ambiguous-name";
  return fail({ kind, name: text, what, known: pending.map(nameOf) });
}
