import { equalBytes, fail, ok, type Result } from "@salus/base";
import type { AccessRequest, GrantTerms } from "@salus/protocol";
import type { Card } from "../identity.ts";
import { periodWithin } from "../period.ts";
import type { CoveredSource } from "./read-terms.ts";

/** What was asked for, and by which devices. */
export interface Asked {
  readonly request: AccessRequest;
  readonly devices: readonly Card[];
}

/**
 * Whether grants exceed in nothing what was asked: the patient's device does not sign others, and the
 * requester's does not use them.
 *
 * Takes:   `covered`, the sources and categories of the grants, by what the reader knows of handles.
 * Fails:   `wider-than-asked`.
 * Source:  spec/requests.md §2.
 */
export function checkAsked(
  { request, devices }: Asked,
  all: readonly GrantTerms[],
  covered: readonly CoveredSource[],
): Result<void, { readonly kind: "wider-than-asked" }> {
  const within = all.every((terms) => {
    const device = devices.find(({ sign }) => equalBytes(sign, terms.grantee));
    return (
      device !== undefined &&
      device.suite === terms.suite &&
      equalBytes(device.kem, terms.kem) &&
      equalBytes(terms.request, request.request) &&
      terms.purpose === request.purpose &&
      terms.expires <= request.expires &&
      periodWithin(terms.period, request.period)
    );
  });
  const named = covered.every(
    ({ node, categories }) =>
      (request.sources.length === 0 || (node !== undefined && request.sources.includes(node))) &&
      (request.categories.length === 0 ||
        categories.every((category) => request.categories.includes(category))),
  );
  return within && named ? ok(undefined) : fail({ kind: "wider-than-asked" });
}
