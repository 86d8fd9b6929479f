import { fail, ok, type Result } from "@salus/base";
import {
  Absent,
  type CellHandle,
  type Delivery,
  encodeCbor,
  isAbsent,
  type KemPublic,
  parseDelivery,
  type ScopeHandle,
  type SourceHandle,
  type VaultHandle,
  type Wrap,
} from "@salus/protocol";
import { type KemPair, type Unreadable, type WrapPurpose, wrapTo } from "./kem-pair.ts";
import { Key } from "./keys.ts";

/** The link that carries a delivery: its wrap opens for no other. */
export interface DeliveryPlace {
  readonly vault: VaultHandle;
  readonly to: SourceHandle;
  readonly seq: number;
}

/** What a source needs to write: never what opens a record. Spec: sharing §3. */
export interface SourceKeys {
  /** Its node of the scope tree; none when it was sent before. */
  readonly node: Key<"scope-node"> | undefined;
  readonly cells: readonly SourceCell[];
  readonly scopes: readonly SourceScope[];
}

export interface SourceCell {
  readonly cell: CellHandle;
  readonly category: string;
  readonly generation: number;
  readonly index: Key<"cell-index">;
}

/** A scope that the source enters terms in; the key of its own it derives from its node. */
export interface SourceScope {
  readonly scope: ScopeHandle;
  readonly category: string;
  readonly version: number;
  /** Of the root's scopes alone. */
  readonly rootKey: Key<"scope-index"> | undefined;
}

/**
 * Wrap keys to a source, for the link that carries them.
 *
 * Leaks:   how many keys there are, by the length.
 * Source:  spec/sharing.md §1, §3; vectors/sharing-v1.json.
 */
export function wrapDelivery(to: KemPublic, place: DeliveryPlace, keys: SourceKeys): Promise<Wrap> {
  const delivery: Delivery = {
    node: keys.node === undefined ? Absent.of(new Uint8Array(0)) : Key.reveal(keys.node),
    cells: keys.cells.map(({ cell, category, generation, index }) => ({
      cell,
      category,
      generation,
      index: Key.reveal(index),
    })),
    scopes: keys.scopes.map(({ scope, category, version, rootKey }) => ({
      scope,
      category,
      version,
      root: rootKey !== undefined,
      key: rootKey === undefined ? Absent.of(new Uint8Array(0)) : Key.reveal(rootKey),
    })),
  };
  return wrapTo(to, purposeOf(place), encodeCbor(delivery));
}

/**
 * The keys inside a delivery that was wrapped to this source, in this link.
 *
 * Fails:   `unreadable`.
 * Source:  spec/sharing.md §1, §3; vectors/sharing-v1.json.
 */
export async function openDelivery(
  source: KemPair,
  place: DeliveryPlace,
  wrap: Wrap,
): Promise<Result<SourceKeys, Unreadable>> {
  const text = await source.unwrap(purposeOf(place), wrap);
  if (!text.ok) return text;
  const delivery = parseDelivery(text.value);
  if (!delivery.ok) return fail({ kind: "unreadable" });
  const { node, cells, scopes } = delivery.value;
  return ok({
    node: isAbsent(node) ? undefined : new Key("scope-node", node),
    cells: cells.map((cell) => ({ ...cell, index: new Key("cell-index", cell.index) })),
    scopes: scopes.map(({ scope, category, version, root, key }) => ({
      scope,
      category,
      version,
      rootKey: root ? new Key("scope-index", key) : undefined,
    })),
  });
}

function purposeOf({ vault, to, seq }: DeliveryPlace): WrapPurpose {
  return { purpose: "keys", context: { vault, to, seq } };
}
