import { fail, fromHex, ok, type Result } from "@salus/base";
import { Account } from "@salus/client";
import { BrowserHome } from "@salus/client/browser";
import { Open } from "../open.ts";
import { crossing, type Failure, type Problem } from "../problem.ts";
import type { Role } from "../who.ts";
import { type Entered, enter } from "./entered.ts";
import { leave, services, signInAgain } from "./sign-in.ts";

/** Somebody of a demo, whom anybody may be. There is nobody like this outside of one. */
export interface DemoPerson {
  readonly role: Role;
  readonly name: string;
  readonly login: string;
  readonly password: string;
  /** Where she works. */
  readonly organisation: string;
}

/** What a demo says of its people: with all that a device of theirs holds. */
interface DemoHome extends DemoPerson {
  /** What stands in her store, in hexadecimal. */
  readonly home: Readonly<Record<string, string>>;
}

const PERSON = ["role", "name", "login", "password", "organisation"] as const;

/** Fails:   `not-found`: this site is no demo, or its people are still signing up. */
async function demoHomes(): Promise<Result<readonly DemoHome[], Failure>> {
  const answer = await fetch("/demo.json").catch(() => undefined);
  if (answer === undefined) return fail({ kind: "unreachable" });
  if (!answer.ok) return fail({ kind: "not-found" });
  return ok((await answer.json()) as readonly DemoHome[]);
}

const UNAUTHORIZED = 401;

/** A home in this browser that holds what a device of hers holds. */
async function moveIn(person: DemoHome): Promise<Result<Entered, Failure>> {
  leave();
  const at = await services();
  if (!at.ok) return at;
  const { login, name, password, role } = person;
  const home = await BrowserHome.create({ label: name, password, shared: true });
  for (const [entry, text] of Object.entries(person.home)) {
    const bytes = fromHex(text);
    if (bytes.ok) await home.store.write(entry, bytes.value);
  }
  const account = await Account.open({ directory: at.value.directory, store: home.store });
  if (!account.ok) {
    await home.destroy();
    return account;
  }
  const open = new Open(home, account.value, { login, name, role, roles: [role] }, at.value);
  const entered = await enter(open);
  // The session that a demo began with ends like any other: after ten minutes, for whoever treats patients.
  const { status } = !entered.ok && entered.error.kind === "refused" ? entered.error : {};
  return status === UNAUTHORIZED ? signInAgain(home, open.person, at.value, password) : entered;
}

/** The people of a demo. */
export const demo = {
  /** Whom one can be. */
  demoPeople: async (): Promise<Result<readonly DemoPerson[], Problem>> => {
    const homes = await demoHomes();
    if (!homes.ok) return crossing(homes);
    const people = homes.value.map(
      (one) => Object.fromEntries(PERSON.map((name) => [name, one[name]])) as unknown as DemoPerson,
    );
    return ok(people);
  },

  /** Be somebody of it, on a device of hers. */
  demoBe: async (login: string): Promise<Result<Entered, Problem>> => {
    const homes = await demoHomes();
    if (!homes.ok) return crossing(homes);
    const person = homes.value.find((one) => one.login === login);
    return crossing(person === undefined ? fail({ kind: "not-found" }) : await moveIn(person));
  },
};
