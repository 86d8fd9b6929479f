import { equalBytes, fail, ok, type Result } from "@salus/base";
import { Phrase } from "@salus/crypto";
import { digest } from "@salus/evaluate";
import type { Account } from "./account.ts";
import type { AccountError } from "./failure.ts";
import { liveUnlocks } from "./unlocks.ts";

/**
 * A recovery phrase that takes the place of the one there is, for who has lost the paper or shown it:
 * it is shown to the person, who writes it down and shows that she has, before it counts.
 */
export class NewPhrase {
  readonly phrase: Phrase = Phrase.draw();
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  /**
   * Let the phrase open the account, and the old one nothing that is newer: the root is a new one.
   *
   * Her vault follows with `openVault`.
   *
   * Takes:   `confirmation`, the phrase as she typed it.
   * Fails:   `phrase-unconfirmed`; as `Account.change`.
   * Source:  spec/accounts.md §7.
   */
  async finish(confirmation: string): Promise<Result<void, AccountError>> {
    const typed = Phrase.parse(confirmation);
    const confirmed = typed.ok && equalBytes(typed.value.recoveryTag, this.phrase.recoveryTag);
    if (!confirmed) return fail({ kind: "phrase-unconfirmed" });
    const caller = this.#account.caller();
    if (!caller.ok) return caller;
    const recovery = digest(this.phrase.recoveryTag);
    return this.#account.change(
      (draft, state) => {
        for (const old of liveUnlocks(state, "phrase")) draft.removeUnlock(old);
        draft.addUnlock("phrase", this.phrase.secret);
        return ok(undefined);
      },
      (links) => this.#account.directory.replacePhrase(caller.value, { recovery, links }),
    );
  }

  toJSON(): string {
    return "[new phrase]";
  }
}
