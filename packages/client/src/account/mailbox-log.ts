import { type Bytes, ok, type Result, toHex } from "@salus/base";
import { digest } from "@salus/evaluate";
import { encodeMessage, type Received } from "@salus/protocol";
import type { DirectorySession } from "../discovery/session.ts";
import { LogWatch } from "../log/log-watch.ts";
import { fetchOwnLeaves } from "../log/own-leaves.ts";
import type { Account } from "./account.ts";
import { ownerOf } from "./account-log.ts";
import type { AccountError } from "./failure.ts";

/** How what lies in an account's mailbox stands with the directory's log. */
export interface MailboxReport {
  /** Look-ups and requests that lie there. */
  readonly lying: number;
  /** Of them those that the log does not hold. */
  readonly unlogged: number;
  /** Look-ups that the log holds, and no notice tells of: kept back, or removed by a device of hers. */
  readonly untold: number;
}

/** The service gives an entry its place within a second. */
const PATIENCE_MS = 5000;
const WAIT_MS = 500;

/**
 * Hold the notices and requests in an account's mailbox against the leaves that the directory's log
 * has of them: what was told and not entered, and what was entered and not told.
 *
 * Fails:   any `LogFailure`; `signed-out`; any `CloudError`.
 * Cost:    a request for a hundred parcels, and one for 500 leaves.
 * Source:  spec/log.md §1.
 */
export async function compareMailbox(
  account: Account,
): Promise<Result<MailboxReport, AccountError>> {
  const session = account.inDirectory();
  if (!session.ok) return session;
  const watch = await LogWatch.of(account.store, account.directory, "directory");
  if (!watch.ok) return watch;
  const owner = ownerOf(account, session.value.caller);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const lying = await everythingIn(session.value);
    if (!lying.ok) return lying;
    const own = await fetchOwnLeaves(watch.value, owner, 0);
    if (!own.ok) return own;
    const logged = own.value.leaves.map(({ kind, object }) => nameOf(kind, object));
    const there = new Set(logged);
    const unlogged = lying.value.filter((name) => !there.has(name)).length;
    const told = new Set(lying.value);
    let untold = logged.filter((name) => name.startsWith("look-up") && !told.has(name));
    if (untold.length > 0) {
      // Whoever looked for her after the mailbox was read, and before the log was, is told of by now.
      const since = await everythingIn(session.value);
      if (!since.ok) return since;
      untold = untold.filter((name) => !since.value.includes(name));
    }
    if (unlogged === 0 || Date.now() > until) {
      return ok({ lying: lying.value.length, unlogged, untold: untold.length });
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** What lies in the mailbox that the log should hold, by kind and hash. */
async function everythingIn({
  directory,
  caller,
}: DirectorySession): Promise<Result<readonly string[], AccountError>> {
  const names: string[] = [];
  for (let after = 0; ; ) {
    const page = await directory.parcels(caller, after);
    if (!page.ok) return page;
    names.push(...page.value.parcels.flatMap(namesOf));
    const last = page.value.parcels.at(-1);
    // A directory that promises more and gives nothing new must not keep us here.
    if (!page.value.more || last === undefined || last.number <= after) return ok(names);
    after = last.number;
  }
}

function namesOf(received: Received): readonly string[] {
  if ("notice" in received) return [nameOf("look-up", digest(received.notice.asked))];
  const { parcel } = received;
  return parcel.kind === "request" ? [nameOf("request", digest(encodeMessage(parcel)))] : [];
}

function nameOf(kind: string, object: Bytes): string {
  return `${kind}/${toHex(object)}`;
}
