import { equalBytes, toHex } from "@salus/base";
import { type Allowed, type ChainState, named } from "@salus/evaluate";
import {
  isAbsent,
  type SourceCoverage,
  type SourceHandle,
  type SourceStatus,
} from "@salus/protocol";
import type { Access } from "../store/access.ts";
import { type NewestBatch, NO_BATCH } from "../store/source.ts";

/**
 * What an answer covers of each source that was asked. Spec: api §1.
 *
 * Takes:   `failed`, sources whose columns could not be read within the limits, as hexadecimal.
 */
export function coverageOf(
  access: Access<"query">,
  asked: readonly SourceHandle[],
  newest: ReadonlyMap<string, NewestBatch>,
  failed: ReadonlySet<string>,
): readonly SourceCoverage[] {
  return asked.map((source) => {
    const name = toHex(source);
    const status = failed.has(name) ? "failed" : statusOf(access, source);
    return { source, status, ...(newest.get(name) ?? NO_BATCH) };
  });
}

/** The sources that are evaluated: a grantee is not shown those that the patient has ended. */
export function shownSources(
  access: Access<"query">,
  asked: readonly SourceHandle[],
): readonly SourceHandle[] {
  return asked.filter((source) => statusOf(access, source) !== "hidden");
}

function statusOf({ chain, role }: Access<"query">, source: SourceHandle): SourceStatus {
  if (role.role === "device") return "answered";
  if (named(chain.sources, source)?.status !== "live") return "hidden";
  return isStale(chain, role.allowed, source) ? "stale" : "answered";
}

/**
 * Whether a source writes under keys that the grants do not have: it has a live cell or scope, not
 * granted, that replaced one which is. A scope of the root is every source's.
 */
function isStale(chain: ChainState, allowed: Allowed, source: SourceHandle): boolean {
  const cells = new Set(allowed.cells.map(toHex));
  const scopes = new Set(allowed.scopes.map(toHex));
  for (const cell of chain.cells.values()) {
    const missing = cell.status === "live" && !cells.has(toHex(cell.cell));
    if (missing && equalBytes(cell.source, source) && succeeds(chain.cells, cell, cells))
      return true;
  }
  for (const scope of chain.scopes.values()) {
    const missing = scope.status === "live" && !scopes.has(toHex(scope.scope));
    const its = isAbsent(scope.node) || equalBytes(scope.node, source);
    if (missing && its && succeeds(chain.scopes, scope, scopes)) return true;
  }
  return false;
}

/** Whether something replaced, at once or by steps, one of those that are granted. */
function succeeds<T extends { readonly replaces: Uint8Array | undefined }>(
  all: ReadonlyMap<string, T>,
  newest: T,
  granted: ReadonlySet<string>,
): boolean {
  let replaced = newest.replaces;
  while (replaced !== undefined) {
    if (granted.has(toHex(replaced))) return true;
    replaced = named(all, replaced)?.replaces;
  }
  return false;
}
