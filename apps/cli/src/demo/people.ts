import { ok, type Result } from "@salus/base";
import { Account } from "@salus/client";
import { humanName } from "@salus/health";
import type { AccountRole } from "@salus/protocol";
import { signUpIn } from "../accounts/sign-up.ts";
import type { Homes, Newcomer } from "../homes/homes.ts";
import type { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import type { Cast } from "./cast.ts";
import { CLINIC, foundClinic } from "./clinic.ts";
import { SALUS } from "./program-name.ts";

/** How to sign in as somebody of a demo. Never keep anything like it of anybody real. */
export interface DemoAccount {
  readonly role: AccountRole;
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly password: string;
  readonly deviceSecret: string;
  /** Of the authenticator app, in base32. */
  readonly authenticator: string;
  readonly phrase: readonly string[];
}

/** Who has accounts, and who of them has signed up just now, and so is signed in. */
export interface SignedUpCast {
  readonly accounts: readonly DemoAccount[];
  readonly fresh: ReadonlySet<string>;
}

/** Where people sign up. */
export interface Signing {
  readonly session: Session;
  readonly homes: Homes;
  readonly cloud: string;
  readonly directory: string;
}

const FILE = "demo-accounts";
const PASSWORD = "salus demo";
const TRIES = 5;

/** Who signed up when this demo first started. Fails: `store-damaged`. */
async function demoAccounts(homes: Homes): Promise<Result<readonly DemoAccount[], Failure>> {
  const stored = await homes.root.store.read(FILE);
  if (!stored.ok) return stored;
  if (stored.value === undefined) return ok([]);
  return ok(JSON.parse(new TextDecoder().decode(stored.value)) as readonly DemoAccount[]);
}

/**
 * Sign the cast up, each in the home that she has in the demo's folder, and found the clinic that its
 * administrator keeps.
 *
 * Gives:   the accounts of before, and those that are new.
 * Cost:    one Argon2id for each that is new.
 */
export async function signUpCast(
  signing: Signing,
  cast: Cast,
  signal: AbortSignal,
): Promise<Result<SignedUpCast, Failure>> {
  const known = await demoAccounts(signing.homes);
  if (!known.ok) return known;
  const accounts = [...known.value];
  const fresh = new Set<string>();
  for (const newcomer of newcomersOf(cast)) {
    const has = accounts.some(({ role, id }) => role === newcomer.role && id === newcomer.id);
    if (has || signal.aborted) continue;
    const account = await signUpOne(signing, newcomer);
    if (!account.ok) return account;
    accounts.push(account.value);
    fresh.add(account.value.login);
    const text = JSON.stringify(accounts);
    await signing.homes.root.store.write(FILE, new TextEncoder().encode(text));
  }
  const administrator = accounts.find(({ role }) => role === "administrator");
  if (administrator === undefined || signal.aborted) return ok({ accounts, fresh });
  const founded = await foundClinic(signing.homes, administrator.id, signing.cloud);
  return founded.ok ? ok({ accounts, fresh }) : founded;
}

type Member = Newcomer & { readonly role: AccountRole };

function newcomersOf({ patient, physicians, hospital }: Cast): readonly Member[] {
  return [
    {
      role: "patient",
      id: patient.id,
      name: humanName(patient.name),
      references: [`Patient/${patient.id}`],
    },
    ...physicians.map(({ physician, department }): Member => {
      const { id, name, identifier } = physician;
      const identifiers = [`${identifier.system}|${identifier.value}`];
      const references = [`Practitioner/${id}`];
      return { role: "practitioner", id, name, parent: department, identifiers, references };
    }),
    { role: "administrator", id: `admin-${hospital.id}`, name: `Administrator, ${CLINIC.name}` },
  ];
}

/** Sign somebody up. What a demo that was ended in between has left half done is begun anew. */
async function signUpOne(
  { session, homes, cloud, directory }: Signing,
  newcomer: Member,
): Promise<Result<DemoAccount, Failure>> {
  const { role, id, name } = newcomer;
  for (let attempt = 1; ; attempt += 1) {
    const login = `${id}${attempt === 1 ? "" : `-${attempt}`}@demo.salus.example`;
    const wanted = { login, name, role: [role], id, cloud, directory, yes: true, said: true };
    const made = await signUpIn(session, homes, { ...wanted, password: PASSWORD, newcomer });
    if (made.ok) {
      const { kit, authenticator } = made.value;
      const { deviceSecret, phrase } = kit;
      const secrets = { password: PASSWORD, deviceSecret, authenticator, phrase };
      return ok({ role, id, name, login, ...secrets });
    }
    if (!isHalfDone(made.error) || attempt === TRIES) return made;
    const home = await homes.begin(newcomer);
    if (!home.ok) return home;
    await Account.forget(home.value.store);
    await home.value.close();
  }
}

function isHalfDone(error: Failure): boolean {
  if (error.kind === "home-taken") return true;
  return error.kind === "refused" && error.problem === "login-taken";
}

/** Say how to sign in as each. */
export function sayAccounts(
  { session, homes, cloud, directory }: Signing,
  accounts: readonly DemoAccount[],
): void {
  session.note("\nPeople with accounts; sign in on a new device as any of them, with");
  session.note(`   export SALUS_CLOUD=${cloud} SALUS_DIRECTORY=${directory}`);
  session.note(`   ${SALUS} login --home NEW --login LOGIN --role ROLE`);
  for (const { role, name, login, password, deviceSecret, authenticator } of accounts) {
    session.note(`   ${role.padEnd(13)} ${name}`);
    session.note(`      login ${login}   password “${password}”`);
    session.note(`      device secret ${deviceSecret}   one-time codes (TOTP) ${authenticator}`);
  }
  session.note("   Text messages that would be sent:");
  session.note(`   ${SALUS} directory outbox --directory ${directory}`);
  session.note(`   Recovery phrases stand in ${homes.root.path}, in the clear.`);
}
