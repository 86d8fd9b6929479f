import { fail, ok, type Result } from "@salus/base";
import { Account } from "@salus/client";
import {
  BrowserHome,
  destroyHome,
  type HomeUnlock,
  type ListedPasskey,
  listHomes,
} from "@salus/client/browser";
import { kept } from "../kept.ts";
import { Open, servicesOf, setOpened } from "../open.ts";
import { readPerson } from "../person.ts";
import { crossing, type Failure, type Problem } from "../problem.ts";
import { keptSite, site } from "../site.ts";
import { type Entered, enter } from "./entered.ts";
import { leave, signInAgain } from "./sign-in.ts";

const UNAUTHORIZED = 401;

/** What this browser keeps, and how it is opened. None of this asks anybody but the person. */
export const homes = {
  kept,

  /** What to ask an authenticator for, to open a home. Fails: `home-missing`. */
  passkeysOf: async (id: string): Promise<Result<readonly ListedPasskey[], Problem>> => {
    const home = (await listHomes()).find((one) => one.id === id);
    return home === undefined ? fail({ kind: "home-missing" }) : ok(home.passkeys);
  },

  /**
   * Open a home by its password or a passkey, without a network if there is none.
   *
   * Gives:   `in`; `password` when the session is over and a passkey opened it; else as `signIn`.
   * Fails:   any `BrowserHomeError`; `device-removed`; as `signIn`.
   */
  unlock: async (id: string, unlock: HomeUnlock): Promise<Result<Entered, Problem>> => {
    leave();
    const home = await BrowserHome.open(id, unlock);
    if (!home.ok) return crossing(home);
    const entered = await enterHome(home.value, unlock);
    if (!entered.ok) leave(home.value);
    return crossing(entered);
  },

  /** Destroy what this browser keeps of somebody, without opening it. Fails: `home-elsewhere`. */
  destroy: async (id: string): Promise<Result<void, Problem>> => crossing(await destroyHome(id)),
};

async function enterHome(home: BrowserHome, unlock: HomeUnlock): Promise<Result<Entered, Failure>> {
  const person = await readPerson(home.store);
  if (!person.ok) return person;
  const fresh = await site();
  const known = fresh.ok ? fresh : await keptSite(home.store);
  if (!known.ok) return known;
  const at = servicesOf(known.value);
  const { directory } = at;
  const account = await Account.open({ directory, store: home.store });
  if (!account.ok) {
    // A sign-up whose last answer did not come: signing in finds out what came of it.
    const isUnfinished = account.error.kind === "no-account" && "password" in unlock;
    return isUnfinished ? signInAgain(home, person.value, at, unlock.password) : account;
  }
  const open = new Open(home, account.value, person.value, at);
  if (account.value.session === undefined) return openSession(open, unlock);
  if (!navigator.onLine) return enter(open, false);
  const synced = await account.value.sync();
  if (synced.ok) return enter(open);
  if (synced.error.kind === "unreachable") return enter(open, false);
  const isOver = synced.error.kind === "refused" && synced.error.status === UNAUTHORIZED;
  return isOver ? openSession(open, unlock) : synced;
}

/** The home is open, and the session over: with a password there is a new one at once. */
async function openSession(open: Open, unlock: HomeUnlock): Promise<Result<Entered, Failure>> {
  const asked = { step: "password", login: open.person.login } as const;
  setOpened(open);
  if (!("password" in unlock)) return ok(asked);
  const entered = await signInAgain(open.home, open.person, open, unlock.password);
  if (entered.ok) return entered;
  if (entered.error.kind === "unreachable") return enter(open, false);
  // It opens what is kept here, and was changed elsewhere: the account's is asked for.
  return entered.error.kind === "sign-in-refused" ? ok(asked) : entered;
}
