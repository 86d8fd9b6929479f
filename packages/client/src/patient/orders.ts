import { toHex } from "@salus/base";
import type { Category } from "@salus/health";
import {
  type Absent,
  type GrantHandle,
  type GrantTerms,
  isAbsent,
  type RequestHandle,
  type SourceHandle,
  type VerifyKey,
} from "@salus/protocol";
import type { Card } from "../identity.ts";
import type { OwnedScope } from "../vault/owner-keys.ts";
import type { Rotation } from "./rotation.ts";
import type { VaultDraft } from "./vault-draft.ts";

/** A source as the patient's chain has it. */
export interface AdmittedSource {
  readonly source: SourceHandle;
  /** The key that signs its batches: look it up in the registry for a name. */
  readonly key: VerifyKey;
  readonly status: "live" | "ended";
  /** Categories that have a live cell. */
  readonly categories: readonly Category[];
}

/** A grant as the patient's chain has it. */
export interface GivenGrant {
  readonly grant: GrantHandle;
  readonly grantee: VerifyKey;
  /** The request that it answers, if it answers one. */
  readonly request: RequestHandle | Absent;
  readonly purpose: string;
  readonly status: "live" | "revoked";
  readonly sources: readonly SourceHandle[];
  readonly categories: readonly Category[];
  /** Whether it is of scopes alone: those at which sources are searched together. */
  readonly root: boolean;
  readonly notBefore: number;
  readonly expires: number;
  readonly period: GrantTerms["period"];
}

/** A source to be let in, and what it may write. */
export interface Admission {
  readonly card: Card;
  readonly categories: readonly Category[];
}

/** What the patient signs when she lets somebody read. */
export interface GrantOrder {
  readonly grantee: Card;
  /** `all`: the sources that are live now, searched at the vault's root. */
  readonly sources: readonly SourceHandle[] | "all";
  /** `all`: the categories that there are now. */
  readonly categories: readonly Category[] | "all";
  /** v3-PurposeOfUse; `TREAT` when left out. */
  readonly purpose?: string;
  readonly notBefore?: number;
  readonly expires: number;
  readonly period?: readonly [start: number, end: number];
}

/** Sources and categories whose keys are meant. */
export interface Selection {
  readonly sources: readonly SourceHandle[] | "all";
  readonly categories: readonly Category[] | "all";
}

/** What a grant covers: cells, and the scopes at which they are searched together. */
export function toGrant(
  draft: VaultDraft,
  order: Selection,
  sources: readonly SourceHandle[],
): Rotation {
  const names = new Set(sources.map(toHex));
  const atRoot = order.sources === "all" && draft.chain.merge === "sources";
  const scopes = draft
    .scopes()
    .filter(({ node }) => (atRoot ? isAbsent(node) : names.has(toHex(node))));
  return chosen(draft, order, names, scopes);
}

/** What sources know the keys of: their cells and scopes, and the root's that they write into. */
export function toRotate(
  draft: VaultDraft,
  selection: Selection,
  sources: readonly SourceHandle[],
): Rotation {
  const names = new Set(sources.map(toHex));
  const scopes = draft.scopes().filter(({ node }) => isAbsent(node) || names.has(toHex(node)));
  return chosen(draft, selection, names, scopes);
}

function chosen(
  draft: VaultDraft,
  { categories }: Selection,
  sources: ReadonlySet<string>,
  scopes: readonly OwnedScope[],
): Rotation {
  const fits = ({ category }: { readonly category: Category }): boolean =>
    categories === "all" || categories.includes(category);
  const cells = draft.cells().filter((cell) => sources.has(toHex(cell.source)) && fits(cell));
  return { cells, scopes: scopes.filter(fits) };
}
