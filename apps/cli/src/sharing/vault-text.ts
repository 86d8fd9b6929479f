import { toHex } from "@salus/base";
import type { AdmittedSource, GivenGrant } from "@salus/client";
import type { Homes } from "../homes/homes.ts";

/** Who writes into a vault, for machines. Takes: `name`, what it is called here. */
export function sourceJson(
  { source, key, status, categories }: AdmittedSource,
  name: string,
): object {
  return { source: toHex(source), name, key: toHex(key), state: status, categories };
}

/** Who may read of a vault, for machines. */
export function grantJson(homes: Homes, grant: GivenGrant): object {
  return {
    grant: toHex(grant.grant),
    to: granteeName(homes, grant),
    key: toHex(grant.grantee),
    state: grantState(grant),
    purpose: grant.purpose,
    from: new Date(grant.notBefore).toISOString(),
    until: new Date(grant.expires).toISOString(),
    sources: grant.sources.map(toHex),
    categories: grant.categories,
  };
}

export function granteeName(homes: Homes, { grantee }: GivenGrant): string {
  const key = toHex(grantee);
  const person = homes.byKey(key);
  return person?.name || person?.id || `key ${key.slice(0, 16)}…`;
}

export function grantState({ status, expires }: GivenGrant): string {
  return status === "live" && expires < Date.now() ? "expired" : status;
}
