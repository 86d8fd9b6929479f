import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Caller, LOCAL } from "./caller.ts";
import { allows } from "./scopes.ts";

/** How long an access token is good for. SMART asks for five minutes at most. */
export const TOKEN_SECONDS = 300;
const TOKEN_BYTES = 32;
/** Of one client: a program that asks for more than this at once does not keep what it gets. */
const OF_ONE_CLIENT = 100;

interface Issued {
  readonly caller: Caller;
  readonly client: string;
  readonly until: number;
}

/**
 * Access tokens: 32 random bytes each, which say nothing and are good only here, while this process lives.
 *
 * They are found by their hash, so that how long it takes to find one tells nothing about another.
 */
export class Tokens {
  readonly #issued = new Map<string, Issued>();
  readonly #local: Buffer | undefined;
  readonly #now: () => number;

  /** Takes: `local`, which whoever holds it shows to do all that the identity may do. */
  constructor(local: string | undefined, now: () => number) {
    this.#local = local === undefined ? undefined : hashOf(local);
    this.#now = now;
  }

  issue(client: string, scopes: readonly string[]): string {
    const now = this.#now();
    const own: string[] = [];
    for (const [hash, issued] of this.#issued) {
      if (issued.until <= now) this.#issued.delete(hash);
      else if (issued.client === client) own.push(hash);
    }
    const [oldest] = own;
    if (own.length >= OF_ONE_CLIENT && oldest !== undefined) this.#issued.delete(oldest);
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const asker = JSON.stringify([client, ...[...scopes].sort()]);
    const caller: Caller = { client, asker, may: (doing, type) => allows(scopes, doing, type) };
    const until = now + TOKEN_SECONDS * 1000;
    this.#issued.set(hashOf(token).toString("hex"), { caller, client, until });
    return token;
  }

  /** Who shows this token; nothing where it is none, or none any more. */
  callerOf(token: string): Caller | undefined {
    const hash = hashOf(token);
    if (this.#local !== undefined && timingSafeEqual(hash, this.#local)) return LOCAL;
    const issued = this.#issued.get(hash.toString("hex"));
    return issued !== undefined && issued.until > this.#now() ? issued.caller : undefined;
  }
}

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();
