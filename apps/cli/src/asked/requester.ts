import { fail, ok, type Result } from "@salus/base";
import {
  type Asker,
  ChainCache,
  findPatient,
  OwnRequests,
  readMailboxes,
  removeParcel,
} from "@salus/client";
import type { Identifier, Mailbox } from "@salus/protocol";
import { type Connected, openConnected } from "../accounts/connected.ts";
import type { Homes, Resident } from "../homes/homes.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { rememberFound } from "./found-book.ts";

/** A practitioner who finds and asks. */
export interface Requester extends Connected {
  readonly homes: Homes;
  readonly chains: ChainCache;
  readonly resident: Resident;
  readonly requests: OwnRequests;
}

export interface RequesterOptions extends HomeOptions, CloudOptions, DirectoryOptions {
  readonly as?: string;
}

/** Run something as a practitioner, signed in. Gives: the exit code. */
export function asRequester(
  session: Session,
  options: RequesterOptions,
  run: (requester: Requester) => Promise<number>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const requester = await openRequester(homes, options, options.as);
    return requester.ok ? run(requester.value) : session.fail(requester.error);
  });
}

/** Somebody who finds and asks. Fails: as `openMember`; any `CloudError`. */
export async function openRequester(
  homes: Homes,
  urls: CloudOptions & DirectoryOptions,
  who: string | undefined,
): Promise<Result<Requester, Failure>> {
  const connected = await openConnected(homes, urls, who, "practitioner");
  if (!connected.ok) return connected;
  const { member, registry } = connected.value;
  const resident = await homes.open(member.person);
  if (!resident.ok) return resident;
  const { identity, home } = resident.value;
  const requests = new OwnRequests({ identity, registry, store: home.store });
  const chains = new ChainCache();
  return ok({ homes, ...connected.value, chains, resident: resident.value, requests });
}

/**
 * Look somebody up, and remember where.
 *
 * Fails:   `not-certified`, any `DiscoveryError`.
 */
export async function find(
  { member, resident, registry }: Requester,
  identifier: Identifier,
  reason: string,
): Promise<Result<Mailbox, Failure>> {
  const { signer, card } = resident.identity;
  const credentials = registry.credentials(card.sign);
  if (credentials === undefined) return fail({ kind: "not-certified" });
  const asker: Asker = { signer, ...credentials };
  const found = await findPatient(member.directory, asker, identifier, reason);
  if (!found.ok) return found;
  const remembered = await rememberFound(member.home.store, identifier, found.value);
  return remembered.ok ? found : remembered;
}

/** What came in answer to requests, and could not be taken. */
export interface Unheard {
  readonly number: number;
  readonly kind: string;
}

/** Take the answers that lie in the mailbox. Gives: those that were not taken. Fails: any `CloudError`. */
export async function hear({
  member,
  requests,
}: Requester): Promise<Result<readonly Unheard[], Failure>> {
  const items = await readMailboxes(member.directory, member.mailboxes);
  if (!items.ok) return items;
  const unheard: Unheard[] = [];
  for (const item of items.value) {
    const { number } = item;
    if (item.type !== "parcel" || item.kind !== "answer") continue;
    const learned = await requests.learn(item.statement);
    if (!learned.ok && learned.error.kind === "store-damaged") return learned;
    if (!learned.ok) unheard.push({ number, kind: learned.error.kind });
    // One that is not believed now will not be believed later.
    const removed = await removeParcel(member.directory, number);
    if (!removed.ok) return removed;
  }
  return ok(unheard);
}
