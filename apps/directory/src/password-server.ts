import { type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import type { LoginTag, Malformed } from "@salus/protocol";
import { client, server } from "@serenity-kit/opaque";

/** Which password a login has: what the library derives its oblivious key from. */
export interface Credential {
  /** Fresh for each registration, and never a login: see decision 0055. */
  readonly credential: Uint8Array;
  readonly record: Bytes;
}

/** Both ends of a login, which its key exchange is bound to. */
export interface LoginEnds {
  readonly login: LoginTag;
  /** The directory's id. */
  readonly service: string;
}

/** A login between its second and third message. `state` is secret: sealed wherever it is kept. */
export interface LoginInProgress {
  readonly state: Bytes;
  readonly response: Bytes;
}

/**
 * The directory's half of OPAQUE. It learns no password, and one that is wrong as little as one whose
 * login is unknown.
 *
 * Source:  RFC 9807; spec/accounts.md §4.
 */
export class PasswordServer {
  /** The static key, which clients pin. */
  readonly key: Bytes;
  readonly #setup: string;

  constructor(setup: Uint8Array) {
    this.#setup = text(setup);
    this.key = bytes(server.getPublicKey(this.#setup));
  }

  /** Draw a set-up: an oblivious seed and a static key pair. */
  static draw(): Bytes {
    return bytes(server.createSetup());
  }

  /** Answer a registration request. Fails: `malformed`: it is no element. */
  register(credential: Uint8Array, request: Bytes): Result<Bytes, Malformed> {
    return attempt("registration", () => {
      const made = server.createRegistrationResponse({
        serverSetup: this.#setup,
        userIdentifier: toHex(credential),
        registrationRequest: text(request),
      });
      return bytes(made.registrationResponse);
    });
  }

  /**
   * Answer a login's first message.
   *
   * Takes:   `credential`, of the login, or its decoy without a record: the answer is as long, and
   *          takes as long.
   * Fails:   `malformed`: the message is none, whoever it is for.
   * Cost:    1.5 ms.
   */
  start(
    ends: LoginEnds,
    { credential, record }: Omit<Credential, "record"> & { readonly record: Bytes | undefined },
    start: Bytes,
  ): Result<LoginInProgress, Malformed> {
    return attempt("login", () => {
      const made = server.startLogin({
        serverSetup: this.#setup,
        userIdentifier: toHex(credential),
        registrationRecord: record === undefined ? null : text(record),
        startLoginRequest: text(start),
        identifiers: identifiersOf(ends),
      });
      return { state: bytes(made.serverLoginState), response: bytes(made.loginResponse) };
    });
  }

  /** Whether a login's last message shows that its client knows the password. */
  finish(ends: LoginEnds, state: Bytes, finish: Bytes): boolean {
    return attempt("login", () =>
      server.finishLogin({
        serverLoginState: text(state),
        finishLoginRequest: text(finish),
        identifiers: identifiersOf(ends),
      }),
    ).ok;
  }

  /** Whether a record is one that logins can be answered from: asked before it is kept. */
  isRecord(ends: LoginEnds, credential: Credential): boolean {
    const { startLoginRequest } = client.startLogin({ password: "" });
    return this.start(ends, credential, bytes(startLoginRequest)).ok;
  }
}

function identifiersOf({ login, service }: LoginEnds): { client: string; server: string } {
  return { client: toHex(login), server: service };
}

/** The library throws for whatever it cannot read; it has no other failures. */
function attempt<T>(what: string, work: () => T): Result<T, Malformed> {
  try {
    return ok(work());
  } catch {
    return fail({ kind: "malformed", what });
  }
}

function text(value: Uint8Array): string {
  return Buffer.from(value).toString("base64url");
}

function bytes(value: string): Bytes {
  return Uint8Array.from(Buffer.from(value, "base64url"));
}
