import { equalBytes, fail, ok, type Result } from "@salus/base";
import { type DeviceSecret, loginTag } from "@salus/crypto";
import { named } from "@salus/evaluate";
import type {
  AccountRole,
  AttemptId,
  FactorKind,
  OpenedSession,
  SecondProof,
} from "@salus/protocol";
import type { DirectoryCaller } from "../directory/call.ts";
import type { Directory } from "../directory/port.ts";
import { Account, type AccountOptions, signerOf } from "./account.ts";
import { checkServerKey, meetDirectory } from "./directory-pin.ts";
import type { AccountError } from "./failure.ts";
import { newHeld, readHeld, removeSession, writeHeld, writeSession } from "./held.ts";
import { logIn } from "./password.ts";
import { shownCredential } from "./shown-credential.ts";

/** What the directory asks besides the password, and how to come by it. */
export interface SecondFactorQuestion {
  /** One of these will do. */
  readonly factors: readonly FactorKind[];
  /** Whether what was shown before was refused. */
  readonly again: boolean;
  /** Have a code sent to her phone. */
  sendCode(): Promise<Result<void, AccountError>>;
  /** Gives:   a WebAuthn PublicKeyCredentialRequestOptionsJSON. */
  passkeyOptions(): Promise<Result<string, AccountError>>;
}

/** Asks the person; nothing, when she has none of them or has had enough. */
export type SecondFactor = (question: SecondFactorQuestion) => Promise<SecondProof | undefined>;

export interface SignIn {
  readonly login: string;
  readonly password: string;
  readonly role: AccountRole;
  /** Asked on a device that does not belong to the account. */
  readonly second?: SecondFactor;
  /** From the printed kit, on such a device. */
  readonly deviceSecret?: DeviceSecret;
}

/**
 * Sign in with a password.
 *
 * On a device of the account nothing else is needed. On another one a second factor is, and the
 * device secret, with which the device becomes one of the account; without it the account stays
 * `locked`, until another device approves this one or she shows what unlocks.
 *
 * Leaks:   to the directory: a tag of the login, this device's key, the role, whether the password is
 *          right.
 * Fails:   `sign-in-refused`, `second-factor`, `kdf-floor`, `server-key-changed`, `home-taken`,
 *          `device-removed`, `unlisted-wrap`, `key-integrity`, `rollback`, any `CloudError`.
 * Cost:    one Argon2id, about a third of a second.
 */
export async function signIn(
  options: AccountOptions,
  wanted: SignIn,
): Promise<Result<Account, AccountError>> {
  const { directory, store } = options;
  const info = await meetDirectory(directory, store);
  if (!info.ok) return info;
  const known = await readHeld(store);
  if (!known.ok) return known;
  const held = known.value ?? newHeld();
  if (known.value === undefined) await writeHeld(store, held);
  const login = loginTag(wanted.login);
  const caller = { signer: signerOf(held) };
  const run = await logIn(wanted.password, { login, service: info.value.id });
  const start = { login, start: run.first, role: wanted.role };
  const begun = await directory.signIn(caller, start);
  if (!begun.ok) return begun;
  const { signIn: attempt, response } = begun.value;
  const logged = run.finish(response);
  if (!logged.ok) return logged;
  const { finish, exportKey, serverKey } = logged.value;
  const same = checkServerKey(info.value, serverKey);
  if (!same.ok) return same;
  const finished = await directory.finishSignIn(caller, attempt, { finish });
  if (!finished.ok) return refusedAsSuch(finished);
  const { session: first, factors } = finished.value;
  const opened =
    first === null
      ? await secondFactor(directory, caller, attempt, factors, wanted.second)
      : ok(first);
  if (!opened.ok) return opened;
  const { account: handle } = opened.value;
  if (held.account !== undefined && !equalBytes(held.account, handle)) {
    return fail({ kind: "home-taken" });
  }
  const session = { opened: opened.value, login };
  const belonging = { ...held, account: handle };
  await writeHeld(store, belonging);
  await writeSession(store, session);
  const account = new Account({ ...options, handle, held: belonging, session, exportKey });
  const secret = wanted.deviceSecret ?? held.secret;
  const unlocked = await unlockHere(account, secret);
  if (unlocked.ok) return ok(account);
  // What the directory showed must not bind a device to an account that nobody could open.
  await writeHeld(store, { ...account.held, account: held.account });
  await removeSession(store);
  return unlocked;
}

/** Let a device of the account open it, and another one become one of it where that is possible. */
async function unlockHere(
  account: Account,
  deviceSecret: DeviceSecret | undefined,
): Promise<Result<void, AccountError>> {
  const synced = await account.sync();
  if (!synced.ok) return synced;
  const isDevice = named(synced.value.devices, account.held.id) !== undefined;
  if (!isDevice && deviceSecret === undefined) return ok(undefined);
  if (!isDevice && deviceSecret !== undefined) {
    const unlocked = await account.unlock({ deviceSecret });
    if (!unlocked.ok) return isLimited(unlocked.error) ? ok(undefined) : unlocked;
  }
  // What cannot be named now, the next sign-in names.
  await account.settleMailbox();
  return ok(undefined);
}

/** A session that may only add a second factor: what else is to be done waits for it. */
function isLimited(error: AccountError): boolean {
  return error.kind === "refused" && error.problem === "no-second-factor";
}

async function secondFactor(
  directory: Directory,
  caller: DirectoryCaller,
  attempt: AttemptId,
  factors: readonly FactorKind[],
  ask: SecondFactor | undefined,
): Promise<Result<OpenedSession, AccountError>> {
  for (let again = false; ; again = true) {
    const proof = await ask?.({
      factors,
      again,
      sendCode: async () => {
        const sent = await directory.sendCode(caller, attempt);
        return sent.ok ? ok(undefined) : sent;
      },
      passkeyOptions: async () => {
        const options = await directory.passkeyOptions(caller, { signIn: attempt });
        return options.ok ? ok(options.value.options) : options;
      },
    });
    if (proof === undefined) return fail({ kind: "second-factor" });
    const shown =
      proof.kind === "passkey" ? { ...proof, assertion: shownCredential(proof.assertion) } : proof;
    const opened = await directory.secondFactor(caller, attempt, shown);
    const refused = !opened.ok && opened.error.kind === "refused";
    if (!refused || opened.error.problem !== "code-refused") return opened;
  }
}

/** What the directory refuses a sign-in for, as an error of its own. */
function refusedAsSuch<T>(answer: Result<T, AccountError>): Result<never, AccountError> {
  const error: AccountError = answer.ok ? { kind: "sign-in-refused" } : answer.error;
  if (error.kind === "refused" && error.problem === "no-second-factor") {
    return fail({ kind: "second-factor" });
  }
  if (error.kind === "refused" && error.problem === "sign-in-refused") {
    return fail({ kind: "sign-in-refused" });
  }
  return fail(error);
}
