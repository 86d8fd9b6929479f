import { fail, ok, type Result } from "@salus/base";
import { NewPhrase } from "@salus/client";
import { withOpen } from "../open.ts";
import type { Problem } from "../problem.ts";
import { type Confirmation, drawKit, isConfirmed, type Kit } from "./kit.ts";
import { changed } from "./security.ts";

let begun: { readonly kit: Kit; readonly drawn: NewPhrase } | undefined;

/** Another page to print, for who has lost hers or shown it to somebody. */
export const newKit = {
  /** Draw another phrase. The old one counts until it is shown that the new one is written down. */
  drawPhrase: (): Promise<Result<Kit, Problem>> =>
    withOpen(async ({ account, person }) => {
      const secret = account.deviceSecret;
      if (secret === undefined) return fail({ kind: "locked" });
      const drawn = new NewPhrase(account);
      const kit = drawKit(person.login, drawn.phrase, secret);
      begun = { kit, drawn };
      return ok(kit);
    }),

  /** Let it take the place of the old one. Fails: `words-differ`, `not-begun`, `step-up`. */
  replacePhrase: (confirmation: Confirmation): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      if (begun === undefined) return fail({ kind: "not-begun" });
      const { kit, drawn } = begun;
      if (!isConfirmed(kit, confirmation)) return fail({ kind: "words-differ" });
      const done = await changed(open, await drawn.finish(kit.phrase.join(" ")));
      if (done.ok) begun = undefined;
      return done;
    }),
};
