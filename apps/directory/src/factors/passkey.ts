import { type Bytes, equalBytes, fail, ok, type Result } from "@salus/base";
import {
  type AttemptId,
  type FactorId,
  type NewCredential,
  type Problem,
  parseNewCredential,
  parseUsedCredential,
  type UsedCredential,
} from "@salus/protocol";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Directory } from "../context.ts";
import type { AccountId } from "../database/schema.ts";
import { tryFactor } from "../store/factor.ts";
import {
  addPasskey,
  drawChallenge,
  type NewPasskey,
  type Passkey,
  passkeysOf,
  passPasskey,
  putChallenge,
  takeChallenge,
} from "../store/passkey.ts";
import type { Demand, Session } from "../store/session.ts";
import type { FactorError, SecondFactor } from "./factor.ts";

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const plain = (text: string): Bytes => Uint8Array.from(Buffer.from(text, "base64url"));

/** Passkeys. Each answers for one site, shows that its owner is there, and steps a session up. */
export const passkey: SecondFactor<"passkey"> = {
  kind: "passkey",
  stepsUp: true,
  allows: () => true,
  check: async (directory, { account, attempt, now }, { assertion }) => {
    const challenge = await takeChallenge(directory.store, attempt, "sign-in", now);
    if (challenge === undefined) return fail({ kind: "code-refused" });
    return checkPasskey(directory, account, challenge, assertion);
  },
};

/**
 * Check what a passkey of an account signed.
 *
 * Takes:   `challenge`, which was drawn for this and is used up.
 * Fails:   `malformed`: no assertion, or one that shows the output of `prf`. `code-refused`: another
 *          site, challenge or key, its owner was not verified, or its counter fell back.
 *          `factor-locked`.
 * Source:  W3C Web Authentication Level 3 §7.2.
 */
export async function checkPasskey(
  { store, web }: Directory,
  account: AccountId,
  challenge: Bytes,
  text: string,
): Promise<Result<FactorId, FactorError>> {
  const read = parseUsedCredential(text);
  if (!read.ok) return read;
  const id = plain(read.value.id);
  const known = (await passkeysOf(store, account)).find((one) => equalBytes(one.id, id));
  if (known === undefined) return fail({ kind: "code-refused" });
  const { factor } = known;
  const tried = await tryFactor(store, account, { kind: "passkey", confirmed: true, factor });
  if (!tried.ok) return tried;
  const counter = await verified(web, known, challenge, read.value);
  if (counter === undefined) return fail({ kind: "code-refused" });
  const passed = await passPasskey(store, account, factor, counter);
  return passed ? ok(factor) : fail({ kind: "code-refused" });
}

/** Gives: the counter that was signed; nothing when anything else than it should have been was. */
async function verified(
  { origins, rpId }: Directory["web"],
  { id, key, counter }: Passkey,
  challenge: Bytes,
  response: UsedCredential,
): Promise<number | undefined> {
  try {
    const { verified: good, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as Parameters<typeof verifyAuthenticationResponse>[0]["response"],
      expectedChallenge: base64url(challenge),
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: { id: base64url(id), publicKey: key, counter },
    });
    return good ? authenticationInfo.newCounter : undefined;
  } catch {
    return undefined; // The library throws whatever it finds wrong.
  }
}

/** Ask for a passkey of an account. Gives: the options, as JSON. */
export async function questionFor(
  { store, web }: Directory,
  account: AccountId,
  challenge: Bytes,
): Promise<string> {
  const passkeys = await passkeysOf(store, account);
  const options = await generateAuthenticationOptions({
    rpID: web.rpId,
    challenge,
    allowCredentials: passkeys.map(({ id }) => ({ id: base64url(id) })),
    userVerification: "required",
  });
  return JSON.stringify(options);
}

/** Ask for a passkey, to finish a sign-in. Gives: the options, as JSON. */
export async function askPasskey(
  directory: Directory,
  account: AccountId,
  signIn: AttemptId,
  now: number,
): Promise<string> {
  const challenge = drawChallenge(directory.store);
  await putChallenge(directory.store, signIn, "sign-in", challenge, now);
  return questionFor(directory, account, challenge);
}

/**
 * Ask for a new passkey.
 *
 * What an authenticator shows is not the account's handle, and not the login, which the directory does
 * not know; the client puts that in its place.
 *
 * Gives:   the options, as JSON.
 */
export async function draftPasskey(
  { store, web }: Directory,
  { account, session }: Session<Demand>,
  now: number,
): Promise<string> {
  const challenge = drawChallenge(store);
  await putChallenge(store, session, "add", challenge, now);
  const passkeys = await passkeysOf(store, account);
  const options = await generateRegistrationOptions({
    rpName: "Salus",
    rpID: web.rpId,
    userName: "Salus",
    userID: store.keys.pepper("passkey user", account),
    challenge,
    attestationType: "none",
    excludeCredentials: passkeys.map(({ id }) => ({ id: base64url(id) })),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  });
  return JSON.stringify(options);
}

/**
 * Take a new passkey into use.
 *
 * Fails:   `malformed`: no attestation, or one that shows the output of `prf`. `code-refused`: another
 *          site or challenge, or its owner was not verified. `quota`: the account has enough.
 * Source:  W3C Web Authentication Level 3 §7.1.
 */
export async function confirmPasskey(
  { store, web }: Directory,
  session: Session<Demand>,
  text: string,
  now: number,
): Promise<Result<FactorId, Problem>> {
  const challenge = await takeChallenge(store, session.session, "add", now);
  const read = parseNewCredential(text);
  if (!read.ok) return read;
  if (challenge === undefined) return fail({ kind: "code-refused" });
  const made = await attested(web, challenge, read.value);
  if (made === undefined) return fail({ kind: "code-refused" });
  return addPasskey(store, session, made, now);
}

/** Gives: the key that was made; nothing when anything else than it should be was attested. */
async function attested(
  { origins, rpId }: Directory["web"],
  challenge: Bytes,
  response: NewCredential,
): Promise<NewPasskey | undefined> {
  try {
    const { verified: good, registrationInfo } = await verifyRegistrationResponse({
      response: response as Parameters<typeof verifyRegistrationResponse>[0]["response"],
      expectedChallenge: base64url(challenge),
      expectedOrigin: [...origins],
      expectedRPID: rpId,
      requireUserVerification: true,
    });
    if (!good) return undefined;
    const { id, publicKey, counter } = registrationInfo.credential;
    const hint = response.authenticatorAttachment ?? "";
    return { id: plain(id), key: Uint8Array.from(publicKey), counter, hint };
  } catch {
    return undefined; // The library throws whatever it finds wrong.
  }
}
