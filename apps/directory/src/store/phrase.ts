import { fail, ok, type Result } from "@salus/base";
import type { AccountState } from "@salus/evaluate";
import type { PhraseChange } from "@salus/protocol";
import { type AppendError, appendAccountLinks } from "./account-chain.ts";
import type { Session } from "./session.ts";
import type { Store } from "./store.ts";

/**
 * Replace the recovery phrase: what finds the account and the way to unlock, together or not at all.
 * What was begun with the old one comes to nothing.
 *
 * Fails:   `chain-fields`: the links add no phrase, or leave an old one. Any `AppendError`.
 * Plan:    primary key of `account`; `recovery` is short.
 */
export async function replacePhrase(
  store: Store,
  { account }: Session<"stepped-up">,
  { recovery, links }: PhraseChange,
  now: number,
): Promise<Result<void, AppendError>> {
  const appended = await appendAccountLinks<AppendError>(
    store,
    account,
    links,
    now,
    async (trx, before, after) => {
      if (!isReplaced(before, after)) return fail({ kind: "chain-fields" });
      await trx.updateTable("account").set({ recovery }).where("account", "=", account).execute();
      await trx.deleteFrom("recovery").where("account", "=", account).execute();
      return ok(undefined);
    },
  );
  return appended.ok ? ok(undefined) : appended;
}

/** Whether the only phrase that opens an account is one that did not before. */
function isReplaced(before: AccountState, after: AccountState): boolean {
  const live = [...after.unlocks].filter(
    ([, { kind, status }]) => kind === "phrase" && status === "live",
  );
  return live.length === 1 && live.every(([name]) => !before.unlocks.has(name));
}
