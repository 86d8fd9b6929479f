import { fail, ok, type Result, toHex } from "@salus/base";
import { type Inbox, type Pending, readInbox as readMailbox } from "@salus/client";
import type { Failure } from "../words.ts";
import type { Decider } from "./decider.ts";

/** Look through a patient's mailbox. Fails: any `CloudError`. */
export function readInbox({
  member,
  registry,
  requests,
}: Decider): Promise<Result<Inbox, Failure>> {
  const { directory: session, mailboxes } = member;
  return readMailbox({ session, mailboxes, registry, requests });
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
