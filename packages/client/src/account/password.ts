import { assert, type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import { type LoginTag, PASSWORD_COST } from "@salus/protocol";
import { client, ready } from "@serenity-kit/opaque";
import { base64Url, fromBase64Url } from "../http/base64-url.ts";

/** Both ends of a login, which its key exchange is bound to. Spec: accounts §4. */
export interface LoginEnds {
  readonly login: LoginTag;
  /** The directory's id. */
  readonly service: string;
}

/** What a password gives, once the directory has done its half. */
export interface PasswordKeys {
  /** 64 bytes that the directory cannot know. */
  readonly exportKey: Bytes;
  /** The directory's static key, as this run has proved it: to be compared with the pinned one. */
  readonly serverKey: Bytes;
}

export interface Registered extends PasswordKeys {
  readonly record: Bytes;
}

export interface LoggedIn extends PasswordKeys {
  readonly finish: Bytes;
}

/** A password run between its first message and its last. */
export interface PasswordRun<T, Failure> {
  readonly first: Bytes;
  /** Cost:    one Argon2id of 64 MiB, about a third of a second, during which nothing else runs. */
  finish(response: Bytes): Result<T, Failure>;
}

/** The directory's answer is no message of OPAQUE. */
export interface BadAnswer {
  readonly kind: "malformed-answer";
  readonly what: string;
}

const LANES = 4;
/** Compiled in: nothing that a directory says makes a guess cheaper. */
const STRETCH = {
  "argon2id-custom": {
    memory: PASSWORD_COST.memoryKiB,
    iterations: PASSWORD_COST.passes,
    parallelism: LANES,
  },
} as const;

/**
 * Register a password.
 *
 * Leaks:   to the directory: nothing of the password, now or when its database is stolen together with
 *          its keys, unless somebody guesses it, at the cost of one Argon2id a guess.
 * Source:  RFC 9807 §5; spec/accounts.md §4.
 */
export async function registerPassword(
  password: string,
  ends: LoginEnds,
): Promise<PasswordRun<Registered, BadAnswer>> {
  await ready;
  const plain = password.normalize("NFKC");
  const begun = client.startRegistration({ password: plain });
  return {
    first: bytes(begun.registrationRequest),
    finish: (response) => {
      const made = attempt(() =>
        client.finishRegistration({
          clientRegistrationState: begun.clientRegistrationState,
          registrationResponse: base64Url(response),
          password: plain,
          identifiers: identifiersOf(ends),
          keyStretching: STRETCH,
        }),
      );
      if (made === undefined) return fail({ kind: "malformed-answer", what: "registration" });
      return ok({ record: bytes(made.registrationRecord), ...keysOf(made) });
    },
  };
}

/**
 * Log in with a password.
 *
 * Leaks:   to the directory: nothing of the password; whether it is right, with the last message.
 * Fails:   `sign-in-refused`: the password, the login, or the directory is another one.
 * Source:  RFC 9807 §6; spec/accounts.md §4.
 */
export async function logIn(
  password: string,
  ends: LoginEnds,
): Promise<PasswordRun<LoggedIn, { readonly kind: "sign-in-refused" }>> {
  await ready;
  const plain = password.normalize("NFKC");
  const begun = client.startLogin({ password: plain });
  return {
    first: bytes(begun.startLoginRequest),
    finish: (response) => {
      const made = attempt(() =>
        client.finishLogin({
          clientLoginState: begun.clientLoginState,
          loginResponse: base64Url(response),
          password: plain,
          identifiers: identifiersOf(ends),
          keyStretching: STRETCH,
        }),
      );
      if (made === undefined) return fail({ kind: "sign-in-refused" });
      return ok({ finish: bytes(made.finishLoginRequest), ...keysOf(made) });
    },
  };
}

/** The library throws for whatever it cannot read; it has no other failures. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function keysOf(made: { exportKey: string; serverStaticPublicKey: string }): PasswordKeys {
  return { exportKey: bytes(made.exportKey), serverKey: bytes(made.serverStaticPublicKey) };
}

function identifiersOf({ login, service }: LoginEnds): { client: string; server: string } {
  return { client: toHex(login), server: service };
}

function bytes(text: string): Bytes {
  const read = fromBase64Url(text);
  assert(read !== undefined, "the library writes base64url");
  return read;
}
