import type { AccountHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";

/** What an account's chain, as the directory shows it, can be refused for. */
export type AccountFailure =
  /** Shorter or other than what was seen before. */
  | { readonly kind: "rollback"; readonly what: "account"; readonly account: AccountHandle }
  /** It breaks a rule of spec/accounts.md §3; `problem` is the rule's kind. */
  | { readonly kind: "account-invalid"; readonly account: AccountHandle; readonly problem: string }
  /** A root sealed to somebody, or a way to unlock used, that the chain does not list. */
  | { readonly kind: "unlisted-wrap" }
  /** What was sealed does not open, or opens to other roots than the chain has. */
  | { readonly kind: "key-integrity" };

/** Everything that can stop an account although the program is right. Told apart by `kind`. */
export type AccountError =
  | ClientError
  | AccountFailure
  /** The directory would have a guess at a password cost less than is compiled in. */
  | { readonly kind: "kdf-floor" }
  /** Another static key than was pinned. */
  | { readonly kind: "server-key-changed" }
  | { readonly kind: "sign-in-refused" }
  /** No second factor was shown that the directory takes. */
  | { readonly kind: "second-factor" }
  | { readonly kind: "phrase-unconfirmed" }
  | { readonly kind: "bad-phrase" }
  | { readonly kind: "bad-device-secret" }
  | { readonly kind: "bad-card" }
  /** The card is of a device that signed in to another account. */
  | { readonly kind: "wrong-account" }
  /** The store belongs to an account already. */
  | { readonly kind: "home-taken" }
  /** The store belongs to no account. */
  | { readonly kind: "no-account" }
  | { readonly kind: "signed-out" }
  /** Signed in, and nothing has opened the account root. */
  | { readonly kind: "locked" }
  /** Another device has removed this one. */
  | { readonly kind: "device-removed" }
  | { readonly kind: "unknown-device" }
  | { readonly kind: "unknown-unlock" }
  /** It is the last of what must not be missing. */
  | { readonly kind: "last-one" }
  /** So many devices and ways to unlock that their wraps fit no link. */
  | { readonly kind: "account-full" };
