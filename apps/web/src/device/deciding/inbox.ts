import { type Result, toHex } from "@salus/base";
import { type Inbox, readInbox as readMailbox } from "@salus/client";
import type { Failure } from "../problem.ts";
import type { Decider } from "./decider.ts";

/**
 * Look through a patient's mailbox, and hold what waits: the page names it, and cannot bring another.
 *
 * Fails:   as `readInbox` of the client.
 */
export async function readInbox(decider: Decider): Promise<Result<Inbox, Failure>> {
  const inbox = await readMailbox(decider);
  if (!inbox.ok) return inbox;
  const { pending } = decider.held;
  pending.clear();
  for (const one of inbox.value.pending) pending.set(toHex(one.opened.request.request), one);
  return inbox;
}
