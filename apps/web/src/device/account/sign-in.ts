import { fail, ok, type Result } from "@salus/base";
import { DeviceSecret } from "@salus/client";
import { BrowserHome } from "@salus/client/browser";
import type { SecondProof } from "@salus/protocol";
import { Open, opened, type Services, servicesOf, setOpened } from "../open.ts";
import type { Person } from "../person.ts";
import { crossing, type Failure, type Problem } from "../problem.ts";
import { site } from "../site.ts";
import type { Role } from "../who.ts";
import { type Entered, enter } from "./entered.ts";
import { SignInRun } from "./sign-in-run.ts";

/** What is to be kept in this browser, and for how long. */
export interface Keeping {
  /** What the person calls it, in the clear. */
  readonly label: string;
  /** Whether others use this computer too: then it is destroyed on signing out. */
  readonly shared: boolean;
}

/** What somebody types who signs in where she has not been before. */
export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly role: Role;
  /** From the printed kit; left out, another device approves this one. */
  readonly deviceSecret?: string;
  readonly keeping: Keeping;
}

let run: SignInRun | undefined;

/** Leave whatever was open or begun before. Takes: `home`, one that nobody has been let in to yet. */
export function leave(home?: BrowserHome): void {
  run?.stop();
  run = undefined;
  opened()?.home.close();
  home?.close();
  setOpened(undefined);
}

/** The services of the site. Fails: `site-unreadable`. */
export async function services(): Promise<Result<Services, Failure>> {
  const known = await site();
  return known.ok ? ok(servicesOf(known.value)) : known;
}

/**
 * Sign in where there is no home yet: one is made, and kept if it leads to a session.
 *
 * Fails:   `bad-device-secret`; as `signIn`.
 * Cost:    two Argon2id, one for the account and one for the home.
 */
async function signInHere(wanted: Credentials): Promise<Result<Entered, Failure>> {
  leave();
  const { login, password, role, keeping } = wanted;
  const secret = wanted.deviceSecret?.trim() ?? "";
  const deviceSecret = secret === "" ? ok(undefined) : DeviceSecret.parse(secret);
  if (!deviceSecret.ok) return deviceSecret;
  const at = await services();
  if (!at.ok) return at;
  const home = await BrowserHome.create({ ...keeping, password });
  const person = { login: login.trim(), name: "", role, roles: [role] };
  const known = deviceSecret.value && { deviceSecret: deviceSecret.value };
  run = new SignInRun();
  return run.start(at.value, home.store, { login, password, role, ...known }, async (account) => {
    if (!account.ok) {
      await home.destroy();
      return account;
    }
    return enter(new Open(home, account.value, person, at.value));
  });
}

/** Sign in again in a home that is open, whose session is over. Fails: as `signIn`. */
export function signInAgain(
  home: BrowserHome,
  person: Person,
  at: Services,
  password: string,
): Promise<Result<Entered, Failure>> {
  const { login, role } = person;
  run = new SignInRun();
  return run.start(at, home.store, { login, password, role }, async (account) => {
    if (!account.ok) return account;
    // It was changed on another device: from now on it opens this home as well.
    if (!(await home.opensWith({ password }))) await home.replacePassword(password);
    return enter(new Open(home, account.value, person, at));
  });
}

/** Signing in, a step at a time. Each step gives what is asked next. */
export const signingIn = {
  /** With login and password, in a browser that has nothing of hers. */
  signIn: async (wanted: Credentials): Promise<Result<Entered, Problem>> =>
    crossing(await signInHere(wanted)),

  /** With the second factor that was asked for. */
  second: async (proof: SecondProof): Promise<Result<Entered, Problem>> =>
    crossing(run === undefined ? fail({ kind: "not-begun" }) : await run.second(proof)),

  /** Have a code sent to her phone. */
  sendCode: async (): Promise<Result<void, Problem>> => {
    const question = run?.question;
    return crossing(question ? await question.sendCode() : fail({ kind: "not-begun" }));
  },

  /** Gives:   a WebAuthn PublicKeyCredentialRequestOptionsJSON, for `second`. */
  passkeyOptions: async (): Promise<Result<string, Problem>> => {
    const question = run?.question;
    return crossing(question ? await question.passkeyOptions() : fail({ kind: "not-begun" }));
  },

  /** Go on with the password where what is kept is open, and the session is over. */
  password: async (password: string): Promise<Result<Entered, Problem>> => {
    const open = opened();
    if (open === undefined) return crossing(fail({ kind: "not-begun" }));
    return crossing(await signInAgain(open.home, open.person, open, password));
  },

  /** Whether another device has approved this one in the meantime. */
  look: async (): Promise<Result<Entered, Problem>> => {
    const open = opened();
    if (open === undefined) return crossing(fail({ kind: "not-begun" }));
    const synced = await open.account.sync();
    if (!synced.ok) return crossing(synced);
    if (open.account.isUnlocked) await open.account.settleMailbox();
    return crossing(await enter(open));
  },
};
