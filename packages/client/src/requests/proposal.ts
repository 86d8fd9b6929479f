import { type Bytes, equalBytes, fail, ok, type Result, toHex } from "@salus/base";
import { drawGrant, encodeTerms } from "@salus/crypto";
import { CATEGORIES, type Category } from "@salus/health";
import {
  APPROVAL_GRANTS_MAX,
  type GrantHandle,
  type GrantTerms,
  isAbsent,
  type SourceHandle,
  type VerifyKey,
} from "@salus/protocol";
import type { Card } from "../identity.ts";
import type { VaultDraft } from "../patient/vault-draft.ts";
import { type Period, periodWithin } from "../period.ts";
import type { Registry } from "../registry/registry.ts";
import type { OwnedScope } from "../vault/owner-keys.ts";
import { checkAsked } from "./asked.ts";
import type { DecisionError } from "./failure.ts";
import type { OpenedRequest, Requester } from "./open-request.ts";
import { type CoveredSource, readTerms } from "./read-terms.ts";

/** How the patient narrows a request. What is left out is as it was asked. */
export interface Choice {
  readonly sources?: readonly SourceHandle[];
  readonly categories?: readonly Category[];
  readonly period?: readonly [start: number, end: number];
  readonly expires?: number;
  /** Keys of the devices that are to read. */
  readonly devices?: readonly VerifyKey[];
}

/** A grant as it will be signed: its name, and the bytes of its terms. */
export interface ProposedGrant {
  readonly grant: GrantHandle;
  readonly terms: Bytes;
}

/** What a patient is about to sign, and what it says. */
export interface Proposal {
  readonly opened: OpenedRequest;
  readonly grants: readonly ProposedGrant[];
  /** What sources get first, so that the grants can name it. */
  readonly opens: readonly { readonly source: SourceHandle; readonly category: Category }[];
  readonly view: ProposalView;
}

/** What the approval screen shows: read from the terms that will be signed, and from nothing else. */
export interface ProposalView {
  readonly who: Requester;
  readonly purpose: string;
  readonly sources: readonly CoveredSource[];
  readonly categories: readonly Category[];
  readonly period: Period;
  readonly notBefore: number;
  readonly expires: number;
  /** Keys of the devices that will read. */
  readonly devices: readonly VerifyKey[];
  /** Whether all her sources are searched together. */
  readonly together: boolean;
}

/**
 * Narrow a request to what the patient chose, and say what she would sign.
 *
 * One grant for each source and device, and one for each device over the root's scopes where all
 * sources are granted. Only where that would be more than an approval holds do sources share a grant.
 *
 * Takes:   `draft`, of the newest chain; it is changed, and is not to be appended.
 * Fails:   `wider-than-asked`, `nothing-granted`, `proposal-stale`.
 * Source:  spec/requests.md §2.
 */
export function propose(
  draft: VaultDraft,
  opened: OpenedRequest,
  choice: Choice,
  registry: Registry,
): Result<Proposal, DecisionError> {
  const { request } = opened;
  const chosen = choose(draft, opened, choice, registry);
  if (!chosen.ok) return chosen;
  const { sources, categories, devices, together, ...common } = chosen.value;
  const named = request.categories.length > 0 || choice.categories !== undefined;
  const opens = named
    ? sources.flatMap((source) => categories.map((category) => ({ source, category })))
    : [];
  for (const { source, category } of opens) draft.openCategory(source, category);
  const room = Math.floor(APPROVAL_GRANTS_MAX / devices.length) - (together ? 1 : 0);
  const parts: Part[] = inGroups(sources, room).map((some) => partOf(draft, some, categories));
  if (together) parts.push(rootPart(draft, sources, categories));
  const grants = devices.flatMap((device) =>
    parts
      .filter(({ cells, scopes }) => cells.length + scopes.length > 0)
      .map((part) => ({
        grant: drawGrant(),
        terms: encodeTerms({
          grantee: device.sign,
          suite: device.suite,
          kem: device.kem,
          request: request.request,
          ...common,
          ...part,
        }),
      })),
  );
  if (grants.length === 0) return fail({ kind: "nothing-granted" });
  const view = viewOf(draft, opened, grants, registry);
  return view.ok ? ok({ opened, grants, opens, view: view.value }) : view;
}

/**
 * Read what grants say back from their terms, and hold it against what was asked.
 *
 * Fails:   `wider-than-asked`; `proposal-stale`: they name what is not there.
 */
export function viewOf(
  draft: VaultDraft,
  opened: OpenedRequest,
  grants: readonly ProposedGrant[],
  registry: Registry,
): Result<ProposalView, DecisionError> {
  const read = readTerms(
    draft,
    grants.map(({ terms }) => terms),
    registry,
  );
  if (!read.ok) return read;
  const { terms, ...covers } = read.value;
  const asked = checkAsked(opened, terms, covers.sources);
  if (!asked.ok) return asked;
  const [first] = terms;
  if (first === undefined) return fail({ kind: "nothing-granted" });
  const { purpose, period, notBefore, expires } = first;
  const alike = terms.every(
    (other) =>
      other.purpose === purpose &&
      other.notBefore === notBefore &&
      other.expires === expires &&
      periodWithin(other.period, period) &&
      periodWithin(period, other.period),
  );
  // One screen says one thing of all grants.
  if (!alike) return fail({ kind: "wider-than-asked" });
  return ok({ who: opened.who, purpose, period, notBefore, expires, ...covers });
}

type Common = Pick<GrantTerms, "purpose" | "notBefore" | "expires" | "period">;

interface Chosen extends Common {
  readonly sources: readonly SourceHandle[];
  readonly categories: readonly Category[];
  readonly devices: readonly Card[];
  /** Whether these are all her sources, and more than one. */
  readonly together: boolean;
}

function choose(
  draft: VaultDraft,
  { request, devices: all }: OpenedRequest,
  choice: Choice,
  registry: Registry,
): Result<Chosen, DecisionError> {
  const wider = fail({ kind: "wider-than-asked" } as const);
  const live = draft.liveSources();
  const asked = live.filter(({ key }) => {
    const node = registry.byKey(key)?.node;
    return request.sources.length === 0 || (node !== undefined && request.sources.includes(node));
  });
  const sources = choice.sources ?? asked.map(({ source }) => source);
  const known = sources.every((one) => asked.some(({ source }) => equalBytes(source, one)));
  if (!known) return wider;
  const askedCategories = CATEGORIES.filter(
    (one) => request.categories.length === 0 || request.categories.includes(one),
  );
  const categories = choice.categories ?? askedCategories;
  if (!categories.every((one) => askedCategories.includes(one))) return wider;
  const { expires = request.expires, period = request.period } = choice;
  if (expires > request.expires || !periodWithin(period, request.period)) return wider;
  const devices = all.filter(
    ({ sign }) => choice.devices?.some((one) => equalBytes(one, sign)) ?? true,
  );
  if (devices.length === 0 || sources.length === 0) return fail({ kind: "nothing-granted" });
  const together =
    draft.chain.merge === "sources" && sources.length === live.length && live.length > 1;
  const { purpose } = request;
  return ok({
    sources,
    categories,
    devices,
    together,
    purpose,
    notBefore: draft.time,
    expires,
    period,
  });
}

type Part = Pick<GrantTerms, "sources" | "cells" | "scopes">;

function partOf(
  draft: VaultDraft,
  sources: readonly SourceHandle[],
  categories: readonly Category[],
): Part {
  const names = new Set(sources.map(toHex));
  const cells = draft
    .cells()
    .filter(({ source, category }) => names.has(toHex(source)) && categories.includes(category));
  const scopes = scopesOf(draft, categories).filter(({ node }) => names.has(toHex(node)));
  return handlesOf(sources, cells, scopes);
}

/** What finds the entries of all sources at once; nothing of it opens a record. */
function rootPart(
  draft: VaultDraft,
  sources: readonly SourceHandle[],
  categories: readonly Category[],
): Part {
  return handlesOf(
    sources,
    [],
    scopesOf(draft, categories).filter(({ node }) => isAbsent(node)),
  );
}

function scopesOf(draft: VaultDraft, categories: readonly Category[]): readonly OwnedScope[] {
  return draft.scopes().filter(({ category }) => categories.includes(category));
}

function handlesOf(
  sources: readonly SourceHandle[],
  cells: readonly { readonly cell: GrantTerms["cells"][number] }[],
  scopes: readonly OwnedScope[],
): Part {
  return {
    sources,
    cells: cells.map(({ cell }) => cell),
    scopes: scopes.map(({ scope }) => scope),
  };
}

/** Sources one by one, or so many together that there are no more than `max` groups. */
function inGroups(
  sources: readonly SourceHandle[],
  max: number,
): readonly (readonly SourceHandle[])[] {
  const size = Math.ceil(sources.length / Math.max(max, 1));
  const groups: SourceHandle[][] = [];
  for (let at = 0; at < sources.length; at += size) groups.push(sources.slice(at, at + size));
  return groups;
}
