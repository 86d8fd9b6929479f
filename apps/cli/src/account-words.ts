import type { AccountError, ClientError } from "@salus/client";
import { EXIT } from "./exit.ts";
import { shortHex, type TableOf, UNCHANGED, UNUSED, type Words } from "./wording.ts";

type OwnKinds = Exclude<AccountError, ClientError | { readonly kind: "bad-card" | "rollback" }>;

/** Words for what can stop an account. */
export const ACCOUNT_WORDS: TableOf<OwnKinds> = {
  "account-invalid": ({ account, problem }) => ({
    what: `the chain of account ${shortHex(account)} does not hold (${problem})`,
    safe: UNUSED,
    next: "the directory has changed it, or lost a part: ask who runs it.",
    exit: EXIT.untrusted,
  }),
  "unlisted-wrap": () => ({
    what: "that is no way to unlock this account",
    safe: "nothing was opened with it.",
    next: "check password, device secret and phrase; a password that was changed opens no more.",
    exit: EXIT.locked,
  }),
  "key-integrity": () => ({
    what: "what the directory sent does not open to the keys of this account",
    safe: UNUSED,
    next: "the directory has changed it: ask who runs it.",
    exit: EXIT.untrusted,
  }),
  "kdf-floor": () => ({
    what: "the directory wants passwords to be cheaper to guess than this program allows",
    safe: "nothing of the password was sent.",
    next: "check --directory; do not go on.",
    exit: EXIT.untrusted,
  }),
  "server-key-changed": () => ({
    what: "the directory has another key than when you first used it",
    safe: "nothing of the password was sent.",
    next: "check --directory; ask whoever runs it before you go on.",
    exit: EXIT.untrusted,
  }),
  "sign-in-refused": () => ({
    what: "the directory does not let you in: login, password or phrase is another one",
    safe: "it cannot tell which, and nothing of the password was sent.",
    next: "try again; with the phrase `salus recover` sets a new password.",
    exit: EXIT.locked,
  }),
  "second-factor": () => ({
    what: "a second factor is asked for on this device",
    safe: UNCHANGED,
    next: "give its code with --code; without one, use a device of yours, or the phrase.",
    exit: EXIT.locked,
  }),
  "phrase-unconfirmed": () => ({
    what: "the recovery phrase was not confirmed",
    safe: UNCHANGED,
    next: "write the 24 words down and type them again: without them what is lost stays lost.",
    exit: EXIT.locked,
  }),
  "bad-phrase": () => ({
    what: "that is no recovery phrase: 24 words, and the last one checks the others",
    safe: UNCHANGED,
    next: "compare each word with the printed kit.",
    exit: EXIT.locked,
  }),
  "bad-device-secret": () => ({
    what: "that is no device secret: 26 letters and digits in groups",
    safe: UNCHANGED,
    next: "compare it with the printed kit.",
    exit: EXIT.locked,
  }),
  "wrong-account": () => ({
    what: "that card is of a device of another account",
    safe: UNCHANGED,
    next: "sign in on the new device with this account's login first.",
    exit: EXIT.usage,
  }),
  "home-taken": () => ({
    what: "this home belongs to another account already",
    safe: UNCHANGED,
    next: "name another --home, or another --id.",
    exit: EXIT.usage,
  }),
  "no-account": () => signedOut("this home belongs to no account"),
  "signed-out": () => signedOut("nobody is signed in here"),
  locked: () => ({
    what: "you are signed in, and nothing has unlocked your account on this device",
    safe: UNCHANGED,
    next: "show its card (`salus devices add`) to a device of yours, or sign in with the device secret.",
    exit: EXIT.locked,
  }),
  "device-removed": () => ({
    what: "another device of yours has removed this one",
    safe: "what this device had read stays here.",
    next: "delete its home; sign in anew in another one.",
    exit: EXIT.locked,
  }),
  "unknown-device": () => ({
    what: "your account has no such device",
    safe: UNCHANGED,
    next: "`salus devices` lists them.",
    exit: EXIT.usage,
  }),
  "unknown-unlock": () => ({
    what: "your account has no such way to unlock",
    safe: UNCHANGED,
    exit: EXIT.usage,
  }),
  "last-one": () => ({
    what: "that is the last one of what must not be missing",
    safe: UNCHANGED,
    exit: EXIT.refused,
  }),
  "account-full": () => ({
    what: "the account has as many devices and ways to unlock as it can have",
    safe: UNCHANGED,
    next: "remove a device that you do not use any more: `salus devices remove`.",
    exit: EXIT.refused,
  }),
};

function signedOut(what: string): Words {
  return {
    what,
    safe: UNCHANGED,
    next: "sign in with `salus login`, or make an account with `salus signup`.",
    exit: EXIT.locked,
  };
}
