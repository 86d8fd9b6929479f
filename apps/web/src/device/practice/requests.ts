import { fail, ok, type Result, toHex } from "@salus/base";
import {
  type DirectorySession,
  type OwnRequest,
  OwnRequests,
  type ReceivedAccess,
  type Registry,
  readParcels,
  removeParcel,
  sendParcel,
  shownText,
} from "@salus/client";
import type { Category } from "@salus/health";
import { isPatient } from "../asking.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { foundBefore, mailboxOf } from "./found.ts";
import { type KnownPatient, knownPatients } from "./known-patients.ts";
import { nameOf } from "./standing.ts";

/** What a practitioner asks a patient for. */
export interface Wanted {
  readonly purpose: string;
  readonly categories: readonly Category[] | "all";
  /** Organisation nodes. */
  readonly sources: readonly string[] | "all";
  /** Until when she wants to read. */
  readonly expires: number;
  /** Only care of these days. */
  readonly period: readonly [start: number, end: number] | undefined;
  readonly answerBy: number;
  readonly note: string;
}

/** A source that an access covers. */
export interface Covered {
  readonly source: string;
  readonly name: string | undefined;
  /** It is the patient herself: no registry has her name. */
  readonly own: boolean;
  readonly categories: readonly Category[];
}

/** What has become of a request. `ended` and `revoked` were approved; `unread`: the cloud did not say. */
export type RequestStatus =
  | "waiting"
  | "void"
  | "denied"
  | "approved"
  | "ended"
  | "revoked"
  | "unread";

/** A request as a screen shows it. */
export interface RequestView {
  readonly id: string;
  readonly status: RequestStatus;
  /** Of the patient's record, once she has approved. */
  readonly vault: string | undefined;
  /** What she is called, where her record has said so. */
  readonly name: string | undefined;
  /** `kind|value` that she was looked up by; empty for her code. */
  readonly identifier: string;
  readonly purpose: string;
  readonly categories: readonly Category[] | "all";
  /** Names of organisations. */
  readonly sources: readonly string[] | "all";
  readonly period: readonly number[];
  readonly asked: number;
  readonly answerBy: number;
  /** Until when it was asked for; where it is approved, until when it lasts. */
  readonly expires: number;
  readonly note: string;
  /** The patient's own words. */
  readonly answer: string;
  readonly answered: number | undefined;
  /** What is covered now; nothing when it is not. */
  readonly covered: readonly Covered[];
}

/** The practitioner's requests of this device. Fails: any `CloudError`. */
export async function ownRequests(
  open: Open,
): Promise<Result<{ readonly own: OwnRequests; readonly registry: Registry }, Failure>> {
  const registry = await open.registry();
  if (!registry.ok) return registry;
  const { identity, store } = open;
  return ok({
    own: new OwnRequests({ identity, registry: registry.value, store }),
    registry: registry.value,
  });
}

/**
 * Ask whoever was found.
 *
 * Gives:   the request's name.
 * Fails:   `not-found`, `not-certified`, `request-fields`, any `CloudError`.
 */
export function ask(found: string, wanted: Wanted): Promise<Result<string, Problem>> {
  return withOpen(async (open): Promise<Result<string, Failure>> => {
    const whom = await foundBefore(open, found);
    if (!whom.ok) return whom;
    const to = mailboxOf(whom.value);
    if (!to.ok) return to;
    const session = open.session();
    if (!session.ok) return session;
    const [reply] = open.account.mailboxes();
    if (reply === undefined) return fail({ kind: "locked" });
    const requests = await ownRequests(open);
    if (!requests.ok) return requests;
    const { period, ...rest } = wanted;
    const { identifier } = whom.value;
    const order = { ...rest, to: to.value, identifier, ...(period && { period }) };
    const asked = await requests.value.own.ask(order, reply.mailbox);
    if (!asked.ok) return asked;
    const { letter, handle } = asked.value;
    const sent = await sendParcel(session.value, letter.to, letter.kind, letter.statement);
    return sent.ok ? ok(toHex(handle)) : sent;
  });
}

/** Every request, the newest first, after the answers that came have been taken. */
export function list(): Promise<Result<readonly RequestView[], Problem>> {
  return withOpen(async (open): Promise<Result<readonly RequestView[], Failure>> => {
    const requests = await ownRequests(open);
    if (!requests.ok) return requests;
    const { own, registry } = requests.value;
    const heard = await hear(open, own);
    if (!heard.ok) return heard;
    const all = await own.list();
    if (!all.ok) return all;
    const known = await knownPatients(open);
    if (!known.ok) return known;
    const views = all.value.map((one) => viewOf(open, own, registry, known.value, one));
    return ok(await Promise.all(views));
  });
}

/** Take the answers that lie in the mailbox. What another device of hers has asked is left to it. */
export async function hear(open: Open, own: OwnRequests): Promise<Result<void, Failure>> {
  const session = open.session();
  if (!session.ok) return session;
  const keys = open.account.mailboxes();
  for (let after = 0; ; ) {
    const page = await readParcels(session.value, keys, after);
    if (!page.ok) return page;
    for (const item of page.value.items) {
      if (item.type !== "parcel" || item.kind !== "answer") continue;
      const learned = await learn(session.value, own, item.number, item.statement);
      if (!learned.ok) return learned;
    }
    const last = page.value.items.at(-1);
    if (!page.value.more || last === undefined) return ok(undefined);
    after = last.number;
  }
}

async function learn(
  session: DirectorySession,
  own: OwnRequests,
  number: number,
  statement: Uint8Array<ArrayBuffer>,
): Promise<Result<void, Failure>> {
  const learned = await own.learn(statement);
  if (!learned.ok && learned.error.kind === "store-damaged") return learned;
  if (!learned.ok && learned.error.kind === "unknown-request") return ok(undefined);
  // One that is not believed now will not be believed later.
  return removeParcel(session, number);
}

async function viewOf(
  open: Open,
  own: OwnRequests,
  registry: Registry,
  known: ReadonlyMap<string, KnownPatient>,
  { handle, asked, outcome }: OwnRequest,
): Promise<RequestView> {
  const approved = outcome.state === "approved";
  const access = approved ? await own.access(handle, open.cloud, open.chains) : undefined;
  const received = access?.ok === true ? access.value : undefined;
  const vault = approved ? toHex(outcome.vault) : undefined;
  const answered = outcome.state === "approved" || outcome.state === "denied";
  return {
    id: toHex(handle),
    status: outcome.state === "approved" ? statusOf(received) : outcome.state,
    vault,
    name: vault === undefined ? undefined : known.get(vault)?.name,
    identifier: asked.identifier,
    purpose: asked.purpose,
    categories: asked.categories.length === 0 ? "all" : (asked.categories as Category[]),
    sources:
      asked.sources.length === 0 ? "all" : asked.sources.map((node) => nameOf(registry, node)),
    period: received?.period ?? asked.period,
    asked: asked.time,
    answerBy: asked.answerBy,
    expires: received?.expires ?? asked.expires,
    note: shownText(asked.note),
    answer: answered ? outcome.note : "",
    answered: answered ? outcome.answered : undefined,
    covered: (received?.sources ?? []).map(({ source, name, categories }) => ({
      source: toHex(source),
      name,
      own: received !== undefined && isPatient(open, received.vault, source),
      categories,
    })),
  };
}

function statusOf(received: ReceivedAccess | undefined): RequestStatus {
  if (received === undefined) return "unread";
  const { status } = received;
  return status === "live" ? "approved" : status === "expired" ? "ended" : "revoked";
}
