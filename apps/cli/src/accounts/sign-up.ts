import { ok, type Result } from "@salus/base";
import { httpDirectory, SignUp } from "@salus/client";
import type { AccountRole } from "@salus/protocol";
import type { Homes, Newcomer } from "../homes/homes.ts";
import type { CloudOptions, DirectoryOptions, VaultOptions } from "../options.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { type Arrived, finishArrival } from "./finish.ts";
import { confirmKit, type Kit } from "./kit.ts";
import { idOf } from "./options.ts";

/** What a sign-up has made. */
interface SignedUp extends Arrived {
  readonly kit: Kit;
}

/** What is said of somebody who signs up. */
export interface MemberOptions {
  readonly login: string;
  readonly name: string;
  readonly role: readonly AccountRole[];
  readonly id?: string;
  readonly kit?: string;
  readonly yes?: boolean;
}

interface NewMember extends MemberOptions, Partial<VaultOptions>, CloudOptions, DirectoryOptions {
  readonly password: string;
  /** Whether the caller says the secrets itself. */
  readonly said: boolean;
  /** What else is to be listed of her. */
  readonly newcomer?: Newcomer;
}

/**
 * Sign somebody up in a folder that is open: account, home, second factor, vault.
 *
 * Fails:   as `SignUp.finish`, `addAuthenticator`, `Patient.create`.
 */
export async function signUpIn(
  session: Session,
  homes: Homes,
  options: NewMember,
): Promise<Result<SignedUp, Failure>> {
  const { login, name, role: roles, policy = "balanced", yes = false, said } = options;
  const [role = "patient"] = roles;
  const id = options.id ?? idOf(login);
  const newcomer: Newcomer = { ...options.newcomer, role, id, name, login };
  const home = await homes.begin(newcomer);
  if (!home.ok) return home;
  const begun = new SignUp({ login, password: options.password, roles, vault: { policy } });
  const kit = { login, deviceSecret: begun.deviceSecret.text, phrase: begun.phrase.words };
  const confirmation = await confirmKit(session, kit, options);
  const at = { directory: httpDirectory(options.directory), store: home.value.store };
  const account = confirmation.ok ? await begun.finish(at, confirmation.value) : confirmation;
  const { cloud } = options;
  const arrival = { newcomer, home: home.value, yes, said, cloud };
  const arrived = await finishArrival(session, homes, account, arrival);
  return arrived.ok ? ok({ kit, ...arrived.value }) : arrived;
}
