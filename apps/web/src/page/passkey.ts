import { fail, ok, type Result } from "@salus/base";
import type { MadePasskey, PasskeyDraft } from "../device/account/passkeys.ts";
import type { Problem } from "../device/problem.ts";

// Only a page may ask an authenticator. What `prf` gives is a key: it goes from here to the worker, is
// kept in nothing, and is taken out of what a service is shown.

type Bytes = Uint8Array<ArrayBuffer>;

/** A passkey whose `prf` is to be evaluated: each for a salt of its own. */
export interface AskedPasskey {
  readonly credential: string;
  readonly rpId: string;
  readonly salt: Bytes;
}

/** What `prf` of a passkey gave. */
export interface Evaluated {
  readonly credential: string;
  readonly prf: Bytes;
}

interface PrfValues {
  readonly first: ArrayBuffer;
  readonly second?: ArrayBuffer;
}

interface Extensions {
  readonly prf?: { readonly enabled?: boolean; readonly results?: PrfValues };
}

interface Parser {
  parseCreationOptionsFromJSON(options: object): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON(options: object): PublicKeyCredentialRequestOptions;
}

/** Whether this browser can use passkeys. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in platform();
}

/** Sign with a passkey. Gives: a WebAuthn AuthenticationResponseJSON. Fails: `passkey-cancelled`. */
export async function signWithPasskey(options: string): Promise<Result<string, Problem>> {
  const publicKey = platform().parseRequestOptionsFromJSON(JSON.parse(options));
  const used = await asked(() => navigator.credentials.get({ publicKey }));
  return used.ok ? ok(shown(used.value)) : used;
}

/**
 * Have `prf` evaluated by one of these passkeys.
 *
 * Fails:   `passkey-cancelled`, `passkey-without-prf`.
 */
export async function evaluatePasskey(
  passkeys: readonly AskedPasskey[],
): Promise<Result<Evaluated, Problem>> {
  const [first] = passkeys;
  if (first === undefined) return fail({ kind: "passkey-without-prf" });
  const salts = passkeys.map(({ credential, salt }) => [credential, { first: salt }] as const);
  return evaluate({
    rpId: first.rpId,
    allowCredentials: passkeys.map(({ credential }) => ({
      type: "public-key",
      id: fromBase64Url(credential),
    })),
    extensions: { prf: { evalByCredential: Object.fromEntries(salts) } },
  });
}

/** Have `prf` evaluated by whichever passkey of this site the person chooses. Fails: as above. */
export function evaluateAnyPasskey(salt: Bytes): Promise<Result<Evaluated, Problem>> {
  return evaluate({ extensions: { prf: { eval: { first: salt } } } });
}

/**
 * Make a passkey, and have its `prf` evaluated for both salts: at once where the authenticator can do
 * that, else by using it once.
 *
 * Fails:   `passkey-cancelled`.
 */
export async function makePasskey(draft: PasskeyDraft): Promise<Result<MadePasskey, Problem>> {
  const wanted = platform().parseCreationOptionsFromJSON(JSON.parse(draft.options));
  const [first, second] = draft.salts;
  const extensions = { ...wanted.extensions, prf: { eval: { first, second } } };
  const made = await asked(() =>
    navigator.credentials.create({ publicKey: { ...wanted, extensions } }),
  );
  if (!made.ok) return made;
  const { id, rawId } = made.value;
  const rpId = wanted.rp.id ?? location.hostname;
  const { prf } = made.value.getClientExtensionResults() as Extensions;
  const credential = shown(made.value);
  const given = prf?.results;
  if (given?.second)
    return ok({ id, rpId, credential, prf: [bytes(given.first), bytes(given.second)] });
  if (prf?.enabled !== true) return ok({ id, rpId, credential, prf: undefined });
  const used = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        ...{ challenge: drawChallenge(), rpId, userVerification: "required" },
        allowCredentials: [{ type: "public-key", id: rawId }],
        extensions: { prf: { eval: { first, second } } },
      },
    }),
  );
  if (!used.ok) return used;
  const { results } = (used.value.getClientExtensionResults() as Extensions).prf ?? {};
  const outputs = results?.second && ([bytes(results.first), bytes(results.second)] as const);
  return ok({ id, rpId, credential, prf: outputs });
}

async function evaluate(
  wanted: Omit<PublicKeyCredentialRequestOptions, "challenge">,
): Promise<Result<Evaluated, Problem>> {
  // Nobody looks at the signature: it is for the output that the authenticator is asked.
  const challenge = drawChallenge();
  const used = await asked(() =>
    navigator.credentials.get({
      publicKey: { ...wanted, challenge, userVerification: "required" },
    }),
  );
  if (!used.ok) return used;
  const { prf } = used.value.getClientExtensionResults() as Extensions;
  if (prf?.results === undefined) return fail({ kind: "passkey-without-prf" });
  return ok({ credential: used.value.id, prf: bytes(prf.results.first) });
}

/** The browser throws for a person who says no, and for one who lets it wait. */
async function asked(
  ask: () => Promise<Credential | null>,
): Promise<Result<PublicKeyCredential, Problem>> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return ok(credential);
  } catch {
    // Which of the reasons it was, browsers do not tell a page.
  }
  return fail({ kind: "passkey-cancelled" });
}

/** What a service may see: `toJSON()` has the outputs of `prf` as well. */
function shown(credential: PublicKeyCredential): string {
  const json = credential.toJSON();
  const { prf, ...others } = json.clientExtensionResults;
  const enabled = prf?.enabled === undefined ? {} : { prf: { enabled: prf.enabled } };
  return JSON.stringify({ ...json, clientExtensionResults: { ...others, ...enabled } });
}

function platform(): Parser {
  return PublicKeyCredential as unknown as Parser;
}

function drawChallenge(): Bytes {
  return crypto.getRandomValues(new Uint8Array(32));
}

function bytes(buffer: ArrayBuffer): Bytes {
  return new Uint8Array(buffer.slice(0));
}

function fromBase64Url(text: string): Bytes {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}
