import { toHex } from "@salus/base";
import { type GivenAccess, shownText } from "@salus/client";
import { accessName, type Owner } from "./owner.ts";

/** Whom an access is for: the practitioner behind each device, once. */
export function granteesText({ homes, registry }: Owner, { grantees }: GivenAccess): string {
  const names = grantees.map((key) => {
    const provider = registry.byKey(key);
    const person = homes.byKey(toHex(key));
    const name = provider === undefined ? (person?.name ?? "") : provider.name;
    return name === "" ? `key ${toHex(key).slice(0, 12)}…` : shownText(name, 128);
  });
  return [...new Set(names)].join(", ");
}

/** An access that was given, for machines. */
export function accessJson(owner: Owner, access: GivenAccess): object {
  const { request, grants, grantees, sources, status, categories, period, purpose } = access;
  return {
    access: accessName(access),
    request: request === undefined ? null : toHex(request),
    who: granteesText(owner, access),
    keys: grantees.map(toHex),
    grants: grants.map(toHex),
    state: status,
    purpose,
    sources: sources.map(toHex),
    categories,
    period,
    from: new Date(access.notBefore).toISOString(),
    until: new Date(access.expires).toISOString(),
    left: access.leftMs,
  };
}
