import { equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import type { AuthenticatorSecret, ListedDevice, ListedUnlock } from "@salus/client";
import {
  DeviceId,
  FactorId,
  type FactorKind,
  type ListedFactor,
  type ListedSession,
  SessionId,
  UnlockId,
  type UnlockKind,
} from "@salus/protocol";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import type { Role } from "../who.ts";
import { type Entered, enter } from "./entered.ts";

/** What protects an account, and where it is open. Ids are hexadecimal, times ISO. */
export interface SecurityView {
  readonly login: string;
  readonly factors: readonly FactorView[];
  readonly unlocks: readonly { readonly id: string; readonly kind: UnlockKind }[];
  readonly devices: readonly DeviceView[];
  readonly sessions: readonly SessionView[];
  readonly home: {
    readonly label: string;
    readonly shared: boolean;
    /** How many passkeys open what this browser keeps. */
    readonly passkeys: number;
  };
}

export interface DeviceView {
  readonly id: string;
  readonly current: boolean;
  /** When it was last used, while it is signed in. */
  readonly seen: string | undefined;
}

export interface FactorView {
  readonly id: string;
  readonly kind: FactorKind;
  readonly added: string;
  /** Enough for its owner to know it by: the last digits of a number. */
  readonly hint: string;
}

export interface SessionView {
  readonly id: string;
  readonly role: Role;
  readonly opened: string;
  readonly seen: string;
  readonly current: boolean;
}

/** What protects her account. What changes it asks for a step-up: it fails with `step-up` without one. */
export const security = {
  security: (): Promise<Result<SecurityView, Problem>> => withOpen(viewOf),

  /** Begin to add an authenticator app. Gives: what it is given, as text and as an otpauth URI. */
  startAuthenticator: (): Promise<Result<AuthenticatorSecret, Problem>> =>
    withOpen(({ account, person }) => account.factors.startAuthenticator(person.login)),

  /** Show a code of it. Fails: `refused/code-refused`. */
  finishAuthenticator: (code: string): Promise<Result<Entered, Problem>> =>
    withOpen((open) => thenEnter(open, open.account.factors.finishAuthenticator(plain(code)))),

  /** Have a code sent to a number, `+46700000000`. Patients only. */
  startPhone: (number: string): Promise<Result<void, Problem>> =>
    withOpen(({ account }) => account.factors.startPhone(plain(number))),

  finishPhone: (code: string): Promise<Result<Entered, Problem>> =>
    withOpen((open) => thenEnter(open, open.account.factors.finishPhone(plain(code)))),

  removeFactor: (id: string): Promise<Result<void, Problem>> =>
    withOpen(async ({ account }) => {
      const factor = FactorId.fromHex(id);
      return factor.ok ? account.factors.remove(factor.value) : notFound();
    }),

  /** Let a passkey open the account no more. */
  removeUnlock: (id: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const unlock = UnlockId.fromHex(id);
      if (!unlock.ok) return notFound();
      return changed(open, await open.account.unlocks.remove(unlock.value));
    }),

  /** Let the device whose card this is belong to the account. Fails: `bad-card`, `wrong-account`. */
  approveDevice: (card: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => changed(open, await open.account.devices.approve(card))),

  /** Take a device out, under new keys. What it had read stays with it. */
  removeDevice: (id: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const device = DeviceId.fromHex(id);
      if (!device.ok) return notFound();
      return changed(open, await open.account.devices.remove(device.value));
    }),

  endSession: (id: string): Promise<Result<void, Problem>> =>
    withOpen(async ({ account }) => {
      const session = SessionId.fromHex(id);
      return session.ok ? account.sessions.end(session.value) : notFound();
    }),

  /**
   * Change the password: of the account first, then of what this browser keeps. If it is ended in
   * between, the old one opens what is kept once more, and the next sign-in exchanges it.
   *
   * Cost:    two Argon2id.
   */
  changePassword: (password: string): Promise<Result<void, Problem>> =>
    withOpen(async (open) => {
      const done = await changed(open, await open.account.unlocks.changePassword(password));
      if (done.ok) await open.home.replacePassword(password);
      return done;
    }),

  /** The device secret, for the kit to be printed again. Asked for the password first, by the page. */
  deviceSecret: (password: string): Promise<Result<string, Problem>> =>
    withOpen(async ({ home, account }) => {
      if (!(await home.opensWith({ password }))) return fail({ kind: "home-unopened" });
      const secret = account.deviceSecret;
      return secret === undefined ? fail({ kind: "locked" }) : ok(secret.text);
    }),

  /** Call what this browser keeps something else. */
  renameHome: (label: string): Promise<Result<void, Problem>> =>
    withOpen(async ({ home }) => ok(await home.rename(label.trim()))),
};

async function viewOf({ account, home, person }: Open): Promise<Result<SecurityView, Failure>> {
  const [devices, factors, sessions] = await Promise.all([
    account.devices.list(),
    account.factors.list(),
    account.sessions.list(),
  ]);
  if (!devices.ok) return devices;
  if (!factors.ok) return factors;
  if (!sessions.ok) return sessions;
  const unlocks = await account.unlocks.list();
  if (!unlocks.ok) return unlocks;
  return ok({
    login: person.login,
    factors: factors.value.map(factorOf),
    unlocks: unlocks.value.map(({ id, kind }: ListedUnlock) => ({ id: toHex(id), kind })),
    devices: devices.value.map((one) => deviceOf(one, sessions.value)),
    sessions: sessions.value.map(sessionOf),
    home: { label: home.label, shared: home.shared, passkeys: home.passkeys.length },
  });
}

/** A device that was signed out, or whose home was destroyed, has no session. */
export function deviceOf(
  { id, sign, current }: ListedDevice,
  sessions: readonly Pick<ListedSession, "key" | "seen">[],
): DeviceView {
  const own = sessions.filter(({ key }) => equalBytes(key, sign));
  const last = Math.max(...own.map(({ seen }) => seen));
  const seen = own.length === 0 ? undefined : new Date(last).toISOString();
  return { id: toHex(id), current, seen };
}

function factorOf({ id, kind, added, hint }: ListedFactor): FactorView {
  return { id: toHex(id), kind, added: new Date(added).toISOString(), hint };
}

function sessionOf({ session, role, opened, seen, current }: ListedSession): SessionView {
  const [from, last] = [new Date(opened).toISOString(), new Date(seen).toISOString()];
  return { id: toHex(session), role, opened: from, seen: last, current };
}

/** The first factor of an account lets it do everything: what waited for that is done now. */
export async function thenEnter(
  open: Open,
  adding: Promise<Result<void, Failure>>,
): Promise<Result<Entered, Failure>> {
  const added = await adding;
  if (!added.ok) return added;
  const settled = await open.account.settleMailbox();
  if (!settled.ok) return settled;
  return enter(open);
}

/** After a change of the account her vault follows: her devices are its devices, and it has new keys. */
export async function changed(
  open: Open,
  change: Result<unknown, Failure>,
): Promise<Result<void, Failure>> {
  if (!change.ok) return change;
  open.forgetVault();
  if (open.person.role !== "patient") return ok(undefined);
  const settled = await open.patient();
  return settled.ok ? ok(undefined) : settled;
}

function notFound(): Result<never, Failure> {
  return fail({ kind: "not-found" });
}

/** Spaces are how people read codes and numbers to each other. */
function plain(text: string): string {
  return text.replaceAll(/[\s-]/gu, "");
}
