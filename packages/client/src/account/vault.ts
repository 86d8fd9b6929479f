import type { Result } from "@salus/base";
import { fail, ok } from "@salus/base";
import { type NewVaultOptions, Patient } from "../patient/patient.ts";
import type { Account } from "./account.ts";
import type { AccountError } from "./failure.ts";

/** Where the vault is, and what the process has verified of chains. */
export type VaultOptions = Pick<NewVaultOptions, "cloud" | "chains">;

/**
 * Open an account's vault on this device: make it if it is not there, become one of its devices, and
 * let it agree with the account. One call for everything that a change of the account asks of the
 * vault, to be repeated after a crash at any point.
 *
 * A vault takes no record while nobody could come back to it: an account without a phrase has none.
 *
 * Fails:   `locked`, `phrase-unconfirmed`; as `Account.sync` and `Patient.open`.
 */
export async function openVault(
  account: Account,
  options: VaultOptions,
): Promise<Result<Patient, AccountError>> {
  const synced = await account.sync();
  if (!synced.ok) return synced;
  if (!account.isUnlocked) return fail({ kind: "locked" });
  const { devices, unlocks } = synced.value;
  const live = [...unlocks.values()].filter(({ status }) => status === "live");
  if (!live.some(({ kind }) => kind === "phrase")) return fail({ kind: "phrase-unconfirmed" });
  if (account.vault === undefined) {
    const named = await account.addVault();
    if (!named.ok) return named;
  }
  const patient = await Patient.create({ ...options, store: account.store });
  if (!patient.ok) return patient;
  const ids = [...devices.values()].filter(({ status }) => status === "live").map(({ id }) => id);
  const settled = await patient.value.settle(ids);
  return settled.ok ? ok(patient.value) : settled;
}
