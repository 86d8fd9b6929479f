import { ok, type Result } from "@salus/base";
import type { DirectoryCaller } from "../directory/call.ts";
import { LogWatch } from "../log/log-watch.ts";
import type { LeafOwner } from "../log/own-leaves.ts";
import { checkOwnLog, type OwnChain, type OwnLogReport } from "../log/own-log.ts";
import type { Account } from "./account.ts";
import type { AccountError } from "./failure.ts";

/**
 * Check that the directory's log holds what is an account's, and only grows: every head of its chain,
 * every look-up of its owner and every request to her.
 *
 * Takes:   `everything`: look through all leaves once more, and not only those that are new.
 * Fails:   any `LogFailure`; `signed-out`; as `Account.sync`.
 */
export async function checkAccountLog(
  account: Account,
  everything = false,
): Promise<Result<OwnLogReport, AccountError>> {
  const { directory, store } = account;
  const caller = account.caller();
  if (!caller.ok) return caller;
  const watch = await LogWatch.of(store, directory, "directory");
  if (!watch.ok) return watch;
  const chain = async (): Promise<Result<OwnChain, AccountError>> => {
    const synced = await account.sync();
    return synced.ok ? ok({ ...synced.value, kind: "account" }) : synced;
  };
  return checkOwnLog(watch.value, ownerOf(account, caller.value), chain, everything);
}

/** An account as the owner of leaves in the directory's log. */
export function ownerOf({ directory, handle }: Account, caller: DirectoryCaller): LeafOwner {
  return {
    handle,
    log: "directory",
    fetch: (from, size) => directory.accountLog(caller, from, size),
  };
}
