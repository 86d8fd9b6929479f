import { type Bytes, fail, ok, type Result, toHex } from "@salus/base";
import { CATEGORIES, type Category } from "@salus/health";
import {
  type GrantTerms,
  isAbsent,
  parseGrantTerms,
  type SourceHandle,
  type VerifyKey,
} from "@salus/protocol";
import type { VaultDraft } from "../patient/vault-draft.ts";
import type { Registry } from "../registry/registry.ts";
import { shownText } from "./shown-text.ts";

/** A source of which something is granted. */
export interface CoveredSource {
  readonly source: SourceHandle;
  /** From the registry, where the source's key is certified. */
  readonly name: string | undefined;
  readonly node: string | undefined;
  readonly categories: readonly Category[];
}

/** What the terms of some grants say together. */
export interface ReadTerms {
  readonly terms: readonly GrantTerms[];
  readonly sources: readonly CoveredSource[];
  readonly categories: readonly Category[];
  readonly devices: readonly VerifyKey[];
  /** Whether the scopes of the root are among them. */
  readonly together: boolean;
}

/**
 * Read terms strictly, and say what their handles stand for: by the owner's own keys, of which every
 * handle is derived, so that none can be passed off as another.
 *
 * Takes:   `draft`, with everything that the terms name.
 * Fails:   `proposal-stale`: a handle that is not hers.
 */
export function readTerms(
  draft: VaultDraft,
  all: readonly Bytes[],
  registry: Registry,
): Result<ReadTerms, { readonly kind: "proposal-stale" }> {
  const stale = fail({ kind: "proposal-stale" } as const);
  const cells = new Map(draft.cells().map((cell) => [toHex(cell.cell), cell]));
  const scopes = new Map(draft.scopes().map((scope) => [toHex(scope.scope), scope]));
  const bySource = new Map<string, Set<Category>>();
  const devices = new Map<string, VerifyKey>();
  const terms: GrantTerms[] = [];
  let together = false;
  for (const bytes of all) {
    const read = parseGrantTerms(bytes);
    if (!read.ok) return stale;
    terms.push(read.value);
    devices.set(toHex(read.value.grantee), read.value.grantee);
    for (const source of read.value.sources) entryOf(bySource, toHex(source));
    for (const handle of read.value.cells) {
      const cell = cells.get(toHex(handle));
      if (cell === undefined) return stale;
      entryOf(bySource, toHex(cell.source)).add(cell.category);
    }
    for (const handle of read.value.scopes) {
      const scope = scopes.get(toHex(handle));
      if (scope === undefined) return stale;
      if (isAbsent(scope.node)) {
        together = true;
        for (const source of read.value.sources) {
          entryOf(bySource, toHex(source)).add(scope.category);
        }
      } else entryOf(bySource, toHex(scope.node)).add(scope.category);
    }
  }
  const sources: CoveredSource[] = [];
  for (const { source, key } of draft.chain.sources.values()) {
    const categories = bySource.get(toHex(source));
    if (categories === undefined) continue;
    const provider = registry.byKey(key);
    sources.push({
      source,
      name: provider && shownText(provider.name, 128),
      node: provider?.node,
      categories: CATEGORIES.filter((category) => categories.has(category)),
    });
  }
  if (sources.length !== bySource.size) return stale;
  const categories = CATEGORIES.filter((one) => sources.some((of) => of.categories.includes(one)));
  return ok({ terms, sources, categories, devices: [...devices.values()], together });
}

function entryOf(map: Map<string, Set<Category>>, name: string): Set<Category> {
  const known = map.get(name);
  if (known !== undefined) return known;
  const made = new Set<Category>();
  map.set(name, made);
  return made;
}
