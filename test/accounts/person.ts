import { type Bytes, fromBase32, type Result } from "@salus/base";
import {
  type Account,
  type Directory,
  httpDirectory,
  type KeyStore,
  memoryKeyStore,
  type NewAccount,
  type SecondFactor,
  type SignIn,
  SignUp,
  signIn,
} from "@salus/client";
import type { DeviceSecret } from "@salus/crypto";
import { must } from "@salus/testkit";
import { Secret, TOTP } from "otpauth";

export const PASSWORD = "correct horse battery staple";

/** A person who has signed up: what she knows, what she has written down, and her first device. */
export interface SignedUp {
  readonly login: string;
  readonly store: KeyStore;
  readonly account: Account;
  readonly phrase: string;
  readonly deviceSecret: DeviceSecret;
}

const STEP_MS = 30_000;
let people = 0;

/** Sign up as somebody new. */
export async function signUp(
  directory: Directory,
  wanted: Partial<NewAccount> = {},
): Promise<SignedUp> {
  people += 1;
  const login = wanted.login ?? `person${people}@example.org`;
  const store = memoryKeyStore();
  const begun = new SignUp({ password: PASSWORD, roles: ["patient"], ...wanted, login });
  const phrase = begun.phrase.words.join(" ");
  const account = must(await begun.finish({ directory, store }, phrase));
  return { login, store, account, phrase, deviceSecret: begun.deviceSecret };
}

/** Sign in on a device that has nothing yet. */
export async function onNewDevice(
  directory: Directory,
  { login }: Pick<SignedUp, "login">,
  wanted: Partial<SignIn> = {},
): Promise<{ readonly store: KeyStore; readonly signedIn: Awaited<ReturnType<typeof signIn>> }> {
  const store = memoryKeyStore();
  const signedIn = await signIn(
    { directory, store },
    { login, password: PASSWORD, role: "patient", ...wanted },
  );
  return { store, signedIn };
}

/** An authenticator app that never shows the same code twice. */
export class Authenticator {
  readonly #totp: TOTP;
  readonly #now: () => number;
  #shown = 0;

  constructor(text: string, now: () => number) {
    const secret = fromBase32(text) as Bytes;
    this.#totp = new TOTP({ secret: new Secret({ buffer: secret.buffer }) });
    this.#now = now;
  }

  /** Add one to an account. Takes: `now`, the directory's time. */
  static async addTo(account: Account, now: () => number = Date.now): Promise<Authenticator> {
    const { text } = must(await account.factors.startAuthenticator("login"));
    const app = new Authenticator(text, now);
    must(await account.factors.finishAuthenticator(app.code()));
    return app;
  }

  /** The oldest code that is still good and was not shown: one step before now, now, or after. */
  code(): string {
    const step = Math.floor(this.#now() / STEP_MS);
    this.#shown = Math.max(step - 1, this.#shown + 1);
    return this.#totp.generate({ timestamp: this.#shown * STEP_MS });
  }

  get second(): SecondFactor {
    return async ({ again }) => (again ? undefined : { kind: "totp", code: this.code() });
  }
}

/** The kind of what something failed with. */
export function kindOf(result: Result<unknown, { readonly kind: string }>): string {
  return result.ok ? "ok" : result.error.kind;
}

export function connect(url: string): Directory {
  return httpDirectory(url, { patience: { totalMs: 5_000 } });
}
