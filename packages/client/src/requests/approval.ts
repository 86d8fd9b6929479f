import { fail, ok, type Result, toHex } from "@salus/base";
import { named } from "@salus/evaluate";
import type { GrantTerms } from "@salus/protocol";
import { addTerms } from "../patient/rotation.ts";
import type { VaultDraft } from "../patient/vault-draft.ts";
import type { Registry } from "../registry/registry.ts";
import type { OwnedCell, OwnedScope } from "../vault/owner-keys.ts";
import type { DecisionError } from "./failure.ts";
import { type Proposal, viewOf } from "./proposal.ts";
import { readTerms } from "./read-terms.ts";

/**
 * Add the links of an approval: the terms are those that were shown, byte for byte.
 *
 * Fails:   `request-answered`; `proposal-stale`: what the terms name is not there any more, or was
 *          succeeded in the meantime; `wider-than-asked`.
 * Cost:    by devices, cells and scopes, never by records.
 * Source:  spec/requests.md §2.
 */
export async function addApproval(
  draft: VaultDraft,
  { opened, grants, opens }: Proposal,
  registry: Registry,
): Promise<Result<void, DecisionError>> {
  const { request } = opened.request;
  if (named(draft.chain.approvals, request) !== undefined)
    return fail({ kind: "request-answered" });
  for (const { source, category } of opens) {
    if (draft.source(source)?.status !== "live") return fail({ kind: "proposal-stale" });
    draft.openCategory(source, category);
  }
  await draft.deliver();
  const view = viewOf(draft, opened, grants, registry);
  if (!view.ok) return view;
  const read = readTerms(
    draft,
    grants.map(({ terms }) => terms),
    registry,
  );
  if (!read.ok) return read;
  if (read.value.terms.some((terms) => isOvertaken(draft, terms))) {
    return fail({ kind: "proposal-stale" });
  }
  const handles = grants.map(({ grant }) => grant);
  draft.links.add("chain/approval", { request, digest: opened.digest, grants: handles });
  for (const [at, grant] of grants.entries()) {
    const terms = read.value.terms[at];
    if (terms === undefined) return fail({ kind: "proposal-stale" });
    await addTerms(draft, grant, terms, thingsOf(draft, terms), true);
  }
  return ok(undefined);
}

/** The cells and scopes that terms name. */
export function thingsOf(
  draft: VaultDraft,
  terms: Pick<GrantTerms, "cells" | "scopes">,
): { readonly cells: readonly OwnedCell[]; readonly scopes: readonly OwnedScope[] } {
  const names = new Set([...terms.cells, ...terms.scopes].map(toHex));
  return {
    cells: draft.cells().filter(({ cell }) => names.has(toHex(cell))),
    scopes: draft.scopes().filter(({ scope }) => names.has(toHex(scope))),
  };
}

/** Whether something that terms name has a successor that they do not name. */
function isOvertaken(draft: VaultDraft, terms: GrantTerms): boolean {
  const { cells, scopes } = thingsOf(draft, terms);
  const names = new Set(
    [...cells.map(({ cell }) => cell), ...scopes.map(({ scope }) => scope)].map(toHex),
  );
  const missing = (successor: Uint8Array | undefined): boolean =>
    successor !== undefined && !names.has(toHex(successor));
  return [...cells, ...scopes].some(({ successor }) => missing(successor));
}
