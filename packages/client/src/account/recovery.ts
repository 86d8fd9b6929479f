import { fail, ok, type Result } from "@salus/base";
import {
  type HeldSecrets,
  type Key,
  loginTag,
  type OpenedRoots,
  Phrase,
  passwordSecret,
  rootSigner,
} from "@salus/crypto";
import type { AccountState } from "@salus/evaluate";
import type { AttemptId, DirectoryInfo, LoginTag } from "@salus/protocol";
import type { CloudError } from "../failure.ts";
import { Account, type AccountOptions, signerOf } from "./account.ts";
import { type ChainPages, fetchAccount } from "./account-chain.ts";
import { AccountDraft } from "./account-draft.ts";
import { deviceOf } from "./card.ts";
import { checkServerKey, meetDirectory } from "./directory-pin.ts";
import type { AccountError } from "./failure.ts";
import { newHeld, readHeld, writeHeld, writeSession } from "./held.ts";
import { openWith } from "./opening.ts";
import { type Registered, registerPassword } from "./password.ts";
import { liveUnlocks } from "./unlocks.ts";

/** What is left to a person who comes back, and what is to be from now on. */
export interface Recovery {
  readonly login: string;
  /** The 24 words. */
  readonly phrase: string;
  readonly newPassword: string;
  /** Whether all other devices are taken out: for who has not lost them, but had them stolen. */
  readonly removeDevices?: boolean;
}

/**
 * Come back with the phrase alone: this device, a new password, a new root; all second factors and
 * sessions are gone.
 *
 * Leaks:   to the directory: that the account is recovered.
 * Fails:   `bad-phrase`, `home-taken`, `sign-in-refused`: no such login, or another phrase;
 *          `kdf-floor`, `server-key-changed`, `account-invalid`, `unlisted-wrap`, `key-integrity`,
 *          `rollback`, any `CloudError`.
 * Cost:    one Argon2id.
 * Source:  spec/accounts.md §7.
 */
export async function recover(
  options: AccountOptions,
  { login: name, phrase: words, newPassword, removeDevices = false }: Recovery,
): Promise<Result<Account, AccountError>> {
  const { directory, store } = options;
  const phrase = Phrase.parse(words);
  if (!phrase.ok) return phrase;
  const taken = await readHeld(store);
  if (!taken.ok) return taken;
  if (taken.value?.account !== undefined) return fail({ kind: "home-taken" });
  const info = await meetDirectory(directory, store);
  if (!info.ok) return info;
  const login = loginTag(name);
  const held = newHeld();
  const found = await findAccount(options, held, login, phrase.value);
  if (!found.ok) return found;
  const { state, opened, newest } = found.value;
  const registered = await newRegistration(options, held, found.value, {
    ...{ info: info.value, login, newPassword },
  });
  if (!registered.ok) return registered;
  const { record, exportKey } = registered.value;
  const root = rootSigner(newest);
  const draft = new AccountDraft(state, opened, root);
  draft.addDevice(deviceOf(held));
  if (removeDevices) {
    for (const device of state.devices.values()) {
      if (device.status === "live") draft.removeDevice(device);
    }
  }
  for (const old of liveUnlocks(state, "password")) draft.removeUnlock(old);
  draft.addUnlock("password", passwordSecret(exportKey, opened.secret));
  const links = await draft.seal();
  if (!links.ok) return links;
  const belonging = { ...held, account: state.account, ...draft.opened };
  await writeHeld(store, belonging);
  const finish = { record, links: links.value };
  // Signed by the root: that the phrase opened it is what gives the right.
  const finished = await directory.finishRecovery({ signer: root }, found.value.attempt, finish);
  if (!finished.ok) {
    if (finished.error.kind === "refused") await Account.forget(store);
    return refusedAsSuch(finished.error);
  }
  const session = { opened: finished.value, login };
  await writeSession(store, session);
  const handle = state.account;
  const account = new Account({ ...options, handle, held: belonging, session, exportKey });
  // What cannot be named now, the next sign-in names.
  await account.settleMailbox();
  return ok(account);
}

/** An account that a phrase has opened. */
interface FoundAccount {
  readonly attempt: AttemptId;
  readonly state: AccountState;
  readonly opened: OpenedRoots;
  readonly newest: Key<"account-root">;
}

async function findAccount(
  { directory, store }: AccountOptions,
  held: HeldSecrets,
  login: LoginTag,
  phrase: Phrase,
): Promise<Result<FoundAccount, AccountError>> {
  const caller = { signer: signerOf(held) };
  const begun = await directory.recover(caller, { login, tag: phrase.recoveryTag });
  if (!begun.ok) return refusedAsSuch(begun.error);
  const { recovery: attempt, account: handle } = begun.value;
  const pages = async (from: number): ReturnType<ChainPages> =>
    from === 0 ? begun : directory.recoveryChain(caller, attempt, from);
  const state = await fetchAccount(pages, store, handle);
  if (!state.ok) return state;
  const opened = await openWith(state.value, "phrase", phrase.secret);
  if (!opened.ok) return opened;
  const newest = opened.value.roots.at(-1);
  if (newest === undefined) return fail({ kind: "key-integrity" });
  return ok({ attempt, state: state.value, opened: opened.value, newest });
}

async function newRegistration(
  { directory }: AccountOptions,
  held: HeldSecrets,
  { attempt }: FoundAccount,
  wanted: {
    readonly info: DirectoryInfo;
    readonly login: LoginTag;
    readonly newPassword: string;
  },
): Promise<Result<Registered, AccountError>> {
  const { info, login, newPassword } = wanted;
  const run = await registerPassword(newPassword, { login, service: info.id });
  const caller = { signer: signerOf(held) };
  const request = { registration: run.first };
  const answered = await directory.startRecoveredPassword(caller, attempt, request);
  if (!answered.ok) return refusedAsSuch(answered.error);
  const registered = run.finish(answered.value.response);
  if (!registered.ok) return registered;
  const same = checkServerKey(info, registered.value.serverKey);
  return same.ok ? registered : same;
}

function refusedAsSuch(error: CloudError): Result<never, AccountError> {
  const isRefused = error.kind === "refused" && error.problem === "sign-in-refused";
  return isRefused ? fail({ kind: "sign-in-refused" }) : fail(error);
}
