import { decodeProtectedHeader, errors, jwtVerify } from "jose";
import { ALGORITHMS, type Client } from "./client.ts";

/** Why a client is not believed: for the log of a test, and never for whoever asks. */
export type AssertionFault =
  | "malformed"
  | "algorithm"
  | "unknown-client"
  | "unknown-key"
  | "signature"
  | "claims"
  | "audience"
  | "expired"
  | "too-long"
  | "replayed";

/** An assertion is for now: SMART lets it live for five minutes. */
const LIFE_SECONDS = 300;
/** Clocks differ. */
const SKEW_SECONDS = 30;
const JTI_MAX = 256;
/** Kept for five and a half minutes each; a gateway that is asked more often than this is under attack. */
const REMEMBERED_MAX = 50_000;

interface Claims {
  readonly iss?: unknown;
  readonly sub?: unknown;
  readonly aud?: unknown;
  readonly exp?: unknown;
  readonly jti?: unknown;
}

/** Believes a client by what it signed, once. */
export class Assertions {
  readonly #clients: ReadonlyMap<string, Client>;
  readonly #now: () => number;
  /** Names of assertions that were taken, and until when each of them could be shown again. */
  readonly #taken = new Map<string, number>();

  constructor(clients: readonly Client[], now: () => number) {
    this.#clients = new Map(clients.map((client) => [client.id, client]));
    this.#now = now;
  }

  /**
   * Tell who made an assertion.
   *
   * The key is found by the client and the `kid`, and the algorithm by the key; neither by what an attacker wrote into
   * the header. A header that points to keys elsewhere is refused: nobody is asked for them.
   *
   * Takes:   `audience`, the address of the token endpoint as clients write it.
   * Source:  SMART App Launch 2.2, "Client authentication: asymmetric"; RFC 7523 §3; RFC 8725 §3.
   */
  async clientOf(assertion: string, audience: string): Promise<Client | AssertionFault> {
    const claims = unverified(assertion);
    if (claims === undefined) return "malformed";
    const { alg, kid, jku, jwk, x5u, x5c, crit } = claims.header;
    if (!ALGORITHMS.some((one) => one === alg)) return "algorithm";
    if ([jku, jwk, x5u, x5c, crit].some((one) => one !== undefined)) return "malformed";
    const client = this.#clients.get(String(claims.body.iss));
    if (client === undefined) return "unknown-client";
    const key = client.keys.find((one) => one.kid === kid && one.algorithm === alg);
    if (key === undefined) return "unknown-key";
    const now = this.#now();
    try {
      const { payload } = await jwtVerify(assertion, key.key, {
        algorithms: [key.algorithm],
        issuer: client.id,
        subject: client.id,
        clockTolerance: SKEW_SECONDS,
        currentDate: new Date(now),
      });
      return this.#judge(payload, client, audience, now) ?? client;
    } catch (error) {
      if (error instanceof errors.JWTExpired) return "expired";
      return error instanceof errors.JWTClaimValidationFailed ? "claims" : "signature";
    }
  }

  #judge(
    { aud, exp, jti }: Claims,
    { id }: Client,
    audience: string,
    now: number,
  ): AssertionFault | undefined {
    // One text, and exactly this one: an assertion for another server shall be of no use here.
    if (aud !== audience) return "audience";
    if (typeof exp !== "number" || typeof jti !== "string") return "claims";
    if (jti === "" || jti.length > JTI_MAX) return "claims";
    if (exp * 1000 > now + (LIFE_SECONDS + SKEW_SECONDS) * 1000) return "too-long";
    const name = JSON.stringify([id, jti]);
    this.#forget(now);
    if (this.#taken.has(name) || this.#taken.size >= REMEMBERED_MAX) return "replayed";
    this.#taken.set(name, (exp + SKEW_SECONDS) * 1000);
    return undefined;
  }

  /** The oldest stand first, or nearly so. */
  #forget(now: number): void {
    for (const [name, until] of this.#taken) if (until < now) this.#taken.delete(name);
  }
}

/** What an assertion says, before anybody believes it. */
function unverified(
  assertion: string,
): { readonly header: Readonly<Record<string, unknown>>; readonly body: Claims } | undefined {
  try {
    const [, body = ""] = assertion.split(".");
    const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null) return undefined;
    return { header: { ...decodeProtectedHeader(assertion) }, body: claims };
  } catch {
    return undefined;
  }
}
