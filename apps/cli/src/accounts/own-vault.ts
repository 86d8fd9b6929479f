import { ok, type Result, toHex } from "@salus/base";
import { type Account, openVault } from "@salus/client";
import { connect } from "../connect.ts";
import type { Homes } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import type { Failure } from "../words.ts";

/**
 * Let a patient's vault agree with her account, and list it: it is made if it is not there, and this
 * device becomes one of its own.
 *
 * Gives:   its handle; nothing of an account that is locked here, or of somebody who is no patient.
 * Fails:   as `openVault`; any `CloudError`.
 */
export async function settleOwnVault(
  homes: Homes,
  { role, id }: Pick<Person, "role" | "id">,
  account: Account,
  url: string,
): Promise<Result<string | undefined, Failure>> {
  if (role !== "patient" || !account.isUnlocked) return ok(undefined);
  const cloud = await connect(url);
  if (!cloud.ok) return cloud;
  const patient = await openVault(account, { cloud: cloud.value });
  if (!patient.ok) return patient;
  const vault = toHex(patient.value.vault);
  const person = homes.byId(role, id);
  if (person !== undefined && person.vault !== vault) {
    homes.put({ ...person, vault });
    await homes.save();
  }
  return ok(vault);
}
