import { toHex } from "@salus/base";
import type { Category } from "@salus/health";
import { type GrantHandle, isAbsent, type SourceHandle, type VerifyKey } from "@salus/protocol";
import type { Card } from "../identity.ts";
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
  readonly purpose: string;
  readonly status: "live" | "revoked";
  readonly sources: readonly SourceHandle[];
  readonly categories: readonly Category[];
  readonly notBefore: number;
  readonly expires: number;
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

/** Sources and categories whose live cells and scopes are meant. */
export interface Selection {
  readonly sources: readonly SourceHandle[] | "all";
  readonly categories: readonly Category[] | "all";
}

/** The cells of sources and categories, and the scopes at which they are searched together. */
export function select(
  draft: VaultDraft,
  { sources: asked, categories }: Selection,
  sources: readonly SourceHandle[],
): Rotation {
  const names = new Set(sources.map(toHex));
  const fits = (category: Category): boolean =>
    categories === "all" || categories.includes(category);
  const atRoot = asked === "all" && draft.chain.merge === "sources";
  return {
    cells: draft
      .cells()
      .filter(({ source, category }) => names.has(toHex(source)) && fits(category)),
    scopes: draft.scopes().filter(({ node, category }) => {
      if (!fits(category)) return false;
      return atRoot ? isAbsent(node) : names.has(toHex(node));
    }),
  };
}
