import { ok, type Result } from "@salus/base";
import type { Account } from "@salus/client";
import type { Home } from "@salus/client/file";
import type { Homes, Newcomer } from "../homes/homes.ts";
import type { CloudOptions } from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { addAuthenticator } from "./factor.ts";
import { settleOwnVault } from "./own-vault.ts";

/** Somebody who has just got an account in a home that was begun for her. */
export interface Arrival extends CloudOptions {
  readonly newcomer: Newcomer;
  readonly home: Home;
  /** In scripts: nothing is asked. */
  readonly yes: boolean;
  /** Whether the caller says the secrets itself. */
  readonly said: boolean;
}

/** What she has from then on. */
export interface Arrived {
  /** The secret of the authenticator app, in base32. */
  readonly authenticator: string;
  /** Of a patient. */
  readonly vault: string | undefined;
}

/**
 * What follows when an account was made or came back: it is listed, gets a second factor, names its
 * mailbox, and a patient's vault agrees with it.
 *
 * Takes:   `account`; where there is none the home is closed again.
 * Fails:   as `account`, `addAuthenticator`, `Account.settleMailbox`, `settleOwnVault`.
 */
export async function finishArrival(
  session: Session,
  homes: Homes,
  account: Result<Account, Failure>,
  { newcomer, home, yes, said, cloud }: Arrival,
): Promise<Result<Arrived, Failure>> {
  if (!account.ok) {
    await home.close();
    return account;
  }
  const listed = await homes.admit(newcomer, home);
  if (!listed.ok) return listed;
  const login = newcomer.login ?? "";
  const authenticator = await addAuthenticator(session, account.value, { login, yes, said });
  if (!authenticator.ok) return authenticator;
  const settled = await account.value.settleMailbox();
  if (!settled.ok) return settled;
  const vault = await settleOwnVault(homes, newcomer, account.value, cloud);
  return vault.ok ? ok({ authenticator: authenticator.value, vault: vault.value }) : vault;
}
