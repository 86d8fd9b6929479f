import { toHex } from "@salus/base";
import { CATEGORIES, type Category } from "@salus/health";
import {
  type GrantHandle,
  isAbsent,
  type RequestHandle,
  type SourceHandle,
  type VerifyKey,
} from "@salus/protocol";
import type { GivenGrant } from "../patient/orders.ts";
import type { Period } from "../period.ts";

/** What one request, or one grant that answers none, lets somebody read. */
export interface GivenAccess {
  readonly request: RequestHandle | undefined;
  readonly grants: readonly GrantHandle[];
  readonly grantees: readonly VerifyKey[];
  readonly purpose: string;
  readonly sources: readonly SourceHandle[];
  readonly categories: readonly Category[];
  readonly period: Period;
  readonly notBefore: number;
  readonly expires: number;
  readonly status: "live" | "expired" | "revoked";
  /** How long it lasts yet; 0 when it does not. */
  readonly leftMs: number;
  /** When it was last used, as far as that is known. */
  readonly lastUse: number | undefined;
}

/** Grants as a person thinks of them: those of one request as one. */
export function givenAccesses(
  all: readonly GivenGrant[],
  now: number,
  lastUse: ReadonlyMap<string, number> = new Map(),
): readonly GivenAccess[] {
  const groups = new Map<string, GivenGrant[]>();
  for (const given of all) {
    const name = toHex(isAbsent(given.request) ? given.grant : given.request);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [given]);
    else group.push(given);
  }
  return [...groups].flatMap(([name, group]) => {
    const live = group.filter(({ status }) => status === "live");
    const shown = live.length > 0 ? live : group.slice(-1);
    const [first] = shown;
    if (first === undefined) return [];
    const expires = Math.max(...shown.map((one) => one.expires));
    const status = live.length === 0 ? "revoked" : expires < now ? "expired" : "live";
    const uses = [name, ...group.map(({ grant }) => toHex(grant))].flatMap(
      (one) => lastUse.get(one) ?? [],
    );
    const categories = new Set(shown.flatMap((one) => one.categories));
    return [
      {
        request: isAbsent(first.request) ? undefined : first.request,
        grants: shown.map(({ grant }) => grant),
        grantees: distinct(shown.map(({ grantee }) => grantee)),
        purpose: first.purpose,
        sources: distinct(shown.flatMap(({ sources }) => sources)),
        categories: CATEGORIES.filter((category) => categories.has(category)),
        period: first.period,
        notBefore: Math.min(...shown.map((one) => one.notBefore)),
        expires,
        status,
        leftMs: status === "live" ? expires - now : 0,
        lastUse: uses.length > 0 ? Math.max(...uses) : undefined,
      },
    ];
  });
}

function distinct<T extends Uint8Array>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [toHex(one), one])).values()];
}
