import { setTimeout as pause } from "node:timers/promises";
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
/** So much later the directory may look at a code: it has to be typed, and the machine may be busy. */
const TYPING_MS = 10_000;
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

  /** Takes: `text`, the secret in base 32; `now`, the directory's time. */
  constructor(text: string, now: () => number = Date.now) {
    const secret = fromBase32(text) as Bytes;
    this.#totp = new TOTP({ secret: new Secret({ buffer: secret.buffer }) });
    this.#now = now;
  }

  /** Add one to an account. Takes: `now`, the directory's time. */
  static async addTo(account: Account, now?: () => number): Promise<Authenticator> {
    const { text } = must(await account.factors.startAuthenticator("login"));
    const app = new Authenticator(text, now);
    must(await account.factors.finishAuthenticator(await app.code()));
    return app;
  }

  /**
   * The oldest code that was not shown, and will still be good when it has been typed: the directory takes
   * those of one step before now, of now and after. When all of them were shown, the next is waited for.
   */
  async code(): Promise<string> {
    const oldest = Math.floor((this.#now() + TYPING_MS) / STEP_MS) - 1;
    this.#shown = Math.max(oldest, this.#shown + 1);
    const goodFrom = (this.#shown - 1) * STEP_MS;
    while (this.#now() < goodFrom) await pause(goodFrom - this.#now());
    return this.#totp.generate({ timestamp: this.#shown * STEP_MS });
  }

  get second(): SecondFactor {
    return async ({ again }) => (again ? undefined : { kind: "totp", code: await this.code() });
  }
}

/** The kind of what something failed with. */
export function kindOf(result: Result<unknown, { readonly kind: string }>): string {
  return result.ok ? "ok" : result.error.kind;
}

export function connect(url: string): Directory {
  return httpDirectory(url, { patience: { totalMs: 5_000 } });
}
