import { type Bytes, fail, ok, type Result } from "@salus/base";
import { DeviceSecret, Phrase, type UnlockWith } from "@salus/client";
import { opened, withOpen } from "../open.ts";
import { crossing, type Failure, type Problem } from "../problem.ts";
import { type Entered, enter } from "./entered.ts";

/** Opening an account in a browser that is signed in and not a device of it yet. */
export const unlocking = {
  /** By the device secret of the kit, right after the password. Fails: `unlisted-wrap`, `locked`. */
  unlockBySecret: async (text: string): Promise<Result<Entered, Problem>> => {
    const secret = DeviceSecret.parse(text);
    return secret.ok ? unlockWith({ deviceSecret: secret.value }) : crossing(secret);
  },

  /** By the 24 words. Fails: `bad-phrase`, `unlisted-wrap`. */
  unlockByPhrase: async (text: string): Promise<Result<Entered, Problem>> => {
    const phrase = Phrase.parse(text);
    return phrase.ok ? unlockWith({ phrase: phrase.value }) : crossing(phrase);
  },

  /** What a passkey's `prf` is to be evaluated for, to open the account. */
  accountSalt: (): Promise<Result<Bytes, Problem>> =>
    withOpen(async (open) => ok(open.account.unlocks.salt)),

  /** By what a passkey's `prf` gave for that. Fails: `unlisted-wrap`: it opens another account. */
  unlockByPasskey: (prf: Bytes): Promise<Result<Entered, Problem>> => unlockWith({ passkey: prf }),
};

async function unlockWith(how: UnlockWith): Promise<Result<Entered, Problem>> {
  const open = opened();
  if (open === undefined) return fail({ kind: "not-begun" });
  const unlocked: Result<void, Failure> = await open.account.unlock(how);
  if (!unlocked.ok) return crossing(unlocked);
  await open.account.settleMailbox();
  open.forgetVault();
  return crossing(await enter(open));
}
