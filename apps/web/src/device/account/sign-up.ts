import { fail, ok, type Result } from "@salus/base";
import { type Account, recover, SignUp } from "@salus/client";
import { BrowserHome } from "@salus/client/browser";
import type { PolicyChoice } from "@salus/protocol";
import { Open, type Services } from "../open.ts";
import { type Person, writePerson } from "../person.ts";
import { crossing, type Failure, type Problem } from "../problem.ts";
import { keepSite } from "../site.ts";
import type { Role } from "../who.ts";
import { type Entered, enter } from "./entered.ts";
import { type Confirmation, drawKit, isConfirmed, type Kit } from "./kit.ts";
import { type Keeping, leave, services } from "./sign-in.ts";

/** What a person says of herself when she signs up. */
export interface Newcomer {
  readonly login: string;
  /** What she is called; it stays in this browser. */
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  /** How the record of a patient is indexed. */
  readonly policy: PolicyChoice;
  readonly keeping: Keeping;
}

/** What is left to somebody who comes back with her phrase. */
export interface Comeback {
  readonly login: string;
  readonly phrase: string;
  readonly newPassword: string;
  readonly role: Role;
  /** Whether all other devices are taken out: for who had them stolen. */
  readonly removeDevices: boolean;
  readonly keeping: Keeping;
}

let begun: { readonly newcomer: Newcomer; readonly signUp: SignUp; readonly kit: Kit } | undefined;

/** Signing up, and coming back: both lead to an account that this browser is a device of. */
export const beginning = {
  /** Draw phrase and device secret. Nothing is sent, and nothing is kept. */
  signUp: async (newcomer: Newcomer): Promise<Result<Kit, Problem>> => {
    leave();
    const { login, password, role, policy } = newcomer;
    const signUp = new SignUp({ login, password, roles: [role], vault: { policy } });
    const { phrase, deviceSecret } = signUp;
    const kit = drawKit(login, phrase, deviceSecret);
    begun = { newcomer, signUp, kit };
    return ok(kit);
  },

  /**
   * Make the account, once she has shown that she wrote the phrase down.
   *
   * Takes:   `login`, which is another than at first when that was taken: the page that she printed stays
   *          good (decision 0159).
   * Gives:   `factor`: a second factor is to be added next.
   * Fails:   `words-differ`, `not-begun`; as `SignUp.finish`.
   */
  finishSignUp: async (
    confirmation: Confirmation,
    login: string,
  ): Promise<Result<Entered, Problem>> => {
    if (begun === undefined) return fail({ kind: "not-begun" });
    const { newcomer, kit } = begun;
    if (!isConfirmed(kit, confirmation)) return fail({ kind: "words-differ" });
    const { name, password, role, keeping } = newcomer;
    const signUp = login === newcomer.login ? begun.signUp : begun.signUp.renamed(login);
    const person = { login: login.trim(), name: name.trim(), role, roles: [role] };
    const made = await inNewHome({ password, keeping, person }, (at) =>
      signUp.finish(at, kit.phrase.join(" ")),
    );
    if (made.ok) begun = undefined;
    return crossing(made);
  },

  /**
   * Come back with the phrase alone.
   *
   * Gives:   `factor`: those that there were are gone.
   * Fails:   as `recover`.
   */
  recover: async (comeback: Comeback): Promise<Result<Entered, Problem>> => {
    leave();
    const { login, phrase, newPassword, role, removeDevices, keeping } = comeback;
    const person = { login: login.trim(), name: "", role, roles: [role] };
    const recovered = await inNewHome({ password: newPassword, keeping, person }, (at) =>
      recover(at, { login, phrase, newPassword, removeDevices }),
    );
    return crossing(recovered);
  },
};

interface Wanted {
  readonly password: string;
  readonly keeping: Keeping;
  readonly person: Person;
}

/** Make an account's first home here. It is kept where the account may be there, whoever answered. */
async function inNewHome(
  { password, keeping, person }: Wanted,
  make: (
    at: Pick<Services, "directory"> & Pick<BrowserHome, "store">,
  ) => Promise<Result<Account, Failure>>,
): Promise<Result<Entered, Failure>> {
  const at = await services();
  if (!at.ok) return at;
  const home = await BrowserHome.create({ ...keeping, password });
  await writePerson(home.store, person);
  await keepSite(home.store, at.value.site);
  const account = await make({ directory: at.value.directory, store: home.store });
  if (account.ok) return enter(new Open(home, account.value, person, at.value));
  const mayBeThere = account.error.kind === "unreachable" && (await home.store.list("held")).length;
  if (mayBeThere) await home.admit();
  if (mayBeThere) home.close();
  else await home.destroy();
  return account;
}
