import { assert, type Bytes, compareBytes, fail, ok, type Result } from "@salus/base";
import {
  type Absent,
  type CellHandle,
  encodeCbor,
  type GrantedKeys,
  type GrantHandle,
  type GrantTerms,
  type KemPublic,
  parseGrantedKeys,
  parseGrantTerms,
  type ScopeHandle,
  type SourceHandle,
  type VaultHandle,
  type Wrap,
} from "@salus/protocol";
import { type KemPair, type Unreadable, type WrapPurpose, wrapTo } from "./kem-pair.ts";
import { Key } from "./keys.ts";

/** The grant that wrapped keys belong to: terms as they are signed, byte by byte. */
export interface GrantPlace {
  readonly vault: VaultHandle;
  readonly grant: GrantHandle;
  readonly terms: Bytes;
}

/** What a grantee reads and searches with. Spec: sharing §4. */
export interface ReaderKeys {
  readonly cells: readonly ReaderCell[];
  readonly scopes: readonly ReaderScope[];
}

export interface ReaderCell {
  readonly cell: CellHandle;
  readonly source: SourceHandle;
  readonly category: string;
  readonly generation: number;
  readonly seed: Key<"cell-kem-seed">;
  readonly index: Key<"cell-index">;
}

export interface ReaderScope {
  readonly scope: ScopeHandle;
  /** The organisation at whose node the scope is; absent for the root. */
  readonly node: SourceHandle | Absent;
  readonly category: string;
  readonly version: number;
  readonly key: Key<"scope-index">;
}

/** The bytes of a grant's terms, with its lists in the order that they must have. */
export function encodeTerms(terms: GrantTerms): Bytes {
  const bytes = encodeCbor({
    ...terms,
    sources: terms.sources.toSorted(compareBytes),
    cells: terms.cells.toSorted(compareBytes),
    scopes: terms.scopes.toSorted(compareBytes),
  });
  assert(parseGrantTerms(bytes).ok, "the terms of a grant fit their schema");
  return bytes;
}

/**
 * Wrap the keys of a grant to its grantee's device.
 *
 * Leaks:   how many cells and scopes, which the terms say anyway.
 * Cost:    by cells and scopes, never by records.
 * Source:  spec/sharing.md §1, §4; vectors/sharing-v1.json.
 */
export function wrapGrant(to: KemPublic, place: GrantPlace, keys: ReaderKeys): Promise<Wrap> {
  const granted: GrantedKeys = {
    cells: keys.cells.map(({ cell, source, category, generation, seed, index }) => ({
      cell,
      source,
      category,
      generation,
      seed: Key.reveal(seed),
      index: Key.reveal(index),
    })),
    scopes: keys.scopes.map(({ scope, node, category, version, key }) => ({
      scope,
      node,
      category,
      version,
      key: Key.reveal(key),
    })),
  };
  return wrapTo(to, purposeOf(place), encodeCbor(granted));
}

/**
 * The keys inside a grant that was wrapped to this device.
 *
 * Takes:   `place`, with the terms as the signed link of the chain has them.
 * Fails:   `unreadable`.
 * Source:  spec/sharing.md §1, §4; vectors/sharing-v1.json.
 */
export async function openGrant(
  grantee: KemPair,
  place: GrantPlace,
  wrap: Wrap,
): Promise<Result<ReaderKeys, Unreadable>> {
  const text = await grantee.unwrap(purposeOf(place), wrap);
  if (!text.ok) return text;
  const granted = parseGrantedKeys(text.value);
  if (!granted.ok) return fail({ kind: "unreadable" });
  return ok({
    cells: granted.value.cells.map((cell) => ({
      ...cell,
      seed: new Key("cell-kem-seed", cell.seed),
      index: new Key("cell-index", cell.index),
    })),
    scopes: granted.value.scopes.map((scope) => ({
      ...scope,
      key: new Key("scope-index", scope.key),
    })),
  });
}

function purposeOf({ vault, grant, terms }: GrantPlace): WrapPurpose {
  return { purpose: "grant", context: { vault, grant, terms } };
}
