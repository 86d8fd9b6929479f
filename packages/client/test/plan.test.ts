import { toHex } from "@salus/base";
import {
  cellHandle,
  derive,
  drawKey,
  drawSource,
  KemPair,
  type Key,
  scopeHandle,
} from "@salus/crypto";
import { BALANCED, type Category, compileSearch, SEALED_ONLY } from "@salus/health";
import { LIMITS, type SourceHandle } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { HeldCell, type HeldScope, type Keyring } from "../src/reader/keyring.ts";
import { type Plan, planSearch, planSoon, type Target } from "../src/reader/plan.ts";

// Goal: a question costs as few probes as it can, at the highest node that covers it, and never names
// what the reader does not hold.
// Method: keyrings made by hand, and the probes counted.

const root = derive(drawKey("account-root"), "vault-root");
const tree = derive(root, "scope-node", 1);
const sources = [drawSource(), drawSource(), drawSource()] as const;

function cell(source: SourceHandle, category: Category, generation = 1): HeldCell {
  const key = derive(root, "cell", source, category, generation);
  const held = { cell: cellHandle(key), source, category, index: derive(key, "cell-index") };
  return new HeldCell(held, () => new KemPair(derive(key, "cell-kem-seed"), 2));
}

function scopeKey(path: readonly (SourceHandle | string)[], category: Category, version: number) {
  let node: Key<"scope-node"> = tree;
  for (const child of path) node = derive(node, "scope-node", child);
  return derive(node, "scope-index", category, version);
}

function scope(source: SourceHandle | undefined, category: Category, version = 1): HeldScope {
  const key = scopeKey(source === undefined ? [] : [source], category, version);
  return { scope: scopeHandle(key), source, category, version, key };
}

const owner: Keyring = {
  cells: sources.flatMap((source) => [
    cell(source, "vitals"),
    cell(source, "laboratory"),
    cell(source, "mental-health"),
  ]),
  scopes: [undefined, ...sources].flatMap((source) => [
    scope(source, "vitals"),
    scope(source, "vitals", 2),
    scope(source, "laboratory"),
  ]),
  below: (source, path, category, version) => scopeKey([source, ...path], category, version),
};
const whole: Target = { keys: owner, rootIsWhole: true };

function plan(query: string, target: Target, policy = BALANCED): Plan | undefined {
  const search = compileSearch(query, { policy, now: 0 });
  if (!search.ok) throw new Error(search.error.kind);
  return planSearch(search.value, target);
}

/** How many probes of each kind each clause has. */
function shape(planned: Plan | undefined): readonly string[] {
  return (planned?.clauses ?? []).map((clause) => {
    const count = (kind: string): number => clause.filter((probe) => probe.kind === kind).length;
    return `${count("ordered")}o ${count("sealed")}s ${count("tag")}t`;
  });
}

const RANGE = "Observation?value-quantity=gt140";

describe("an ordered predicate", () => {
  it("is one range at the root for each version, whatever the number of sources", () => {
    // Two versions of vitals, one of laboratory; a sealed probe for each sensitive cell.
    expect(shape(plan(RANGE, whole))).toContain("3o 3s 0t");
  });

  it("is asked at each organisation where the root does not hold everything", () => {
    expect(shape(plan(RANGE, { ...whole, rootIsWhole: false }))).toContain("9o 3s 0t");
    const granted = { ...owner, scopes: owner.scopes.filter(({ source }) => source !== undefined) };
    expect(shape(plan(RANGE, { keys: granted, rootIsWhole: true }))).toContain("9o 3s 0t");
  });

  it("is asked at one organisation, and restricted to it", () => {
    const node = { source: sources[1], organisation: "org", path: [] };
    const planned = plan(RANGE, { ...whole, node });
    expect(shape(planned)).toContain("3o 1s 0t");
    expect(planned?.sources).toEqual([sources[1]]);
    const names = new Set(
      planned?.clauses.flat().flatMap((probe) => ("scope" in probe ? [toHex(probe.scope)] : [])),
    );
    for (const held of owner.scopes) {
      const own = held.source !== undefined && toHex(held.source) === toHex(sources[1]);
      expect(names.has(toHex(held.scope))).toBe(own);
    }
  });

  it("is asked below an organisation only where something was written", () => {
    const path = ["cardiology"];
    const written = scopeHandle(scopeKey([sources[0], ...path], "vitals", 2));
    const introduced = new Set([toHex(written)]);
    const node = { source: sources[0], organisation: "org", path, introduced };
    const planned = plan(RANGE, { ...whole, node });
    expect(shape(planned)).toContain("1o 1s 0t");
    // And a tag keeps out what the index of the organisation's cells would add.
    expect(shape(planned)).toContain("0o 0s 3t");
  });
});

describe("a search", () => {
  it("of sealed columns has a probe for each cell", () => {
    expect(shape(plan(RANGE, whole, SEALED_ONLY))).toContain("0o 9s 0t");
  });

  it("that no held record can meet is not asked", () => {
    const keys = { cells: [cell(sources[0], "vitals")], scopes: [scope(sources[0], "vitals")] };
    expect(plan("Immunization", { keys, rootIsWhole: true })).toBeUndefined();
  });

  it("that sorts names a column for each scope, and says what has none", () => {
    const planned = plan("Observation?_sort=-date", whole);
    expect(planned).toMatchObject({ descending: true, sorted: true, unrankedLast: false });
    expect(planned?.order).toHaveLength(3);
    const cells = owner.cells.filter(({ category }) => category !== "mental-health");
    const ranked = plan("Observation?_sort=date", { keys: { ...owner, cells }, rootIsWhole: true });
    expect(ranked).toMatchObject({ descending: false, unrankedLast: true });
  });

  it("for the first few asks apart what has no order", () => {
    const search = compileSearch("Observation?_sort=date&_count=3", { policy: BALANCED, now: 0 });
    if (!search.ok) throw new Error(search.error.kind);
    const [ranked, others, ...more] = planSoon(search.value, whole);
    expect(more).toEqual([]);
    expect(ranked).toMatchObject({ sorted: true, unrankedLast: true });
    expect(others).toMatchObject({ sorted: false });
    expect(shape(others)).toEqual(["0o 0s 3t"]);
  });

  it("of very many cells asks the most telling clauses that fit", () => {
    const cells = Array.from({ length: 3000 }, (_, n) => cell(sources[0], "vitals", n + 1));
    const keys = { cells, scopes: [scope(undefined, "vitals")] };
    const query =
      "Observation?value-quantity=gt140&code=1&status=final&category=x&subject=Patient/1";
    const planned = plan(query, { keys, rootIsWhole: true });
    const probes = planned?.clauses.flat().length ?? 0;
    expect(planned?.clauses[0]?.map(({ kind }) => kind)).toEqual(["ordered"]);
    expect(probes).toBeLessThanOrEqual(LIMITS.probes);
    expect(probes).toBeGreaterThan(3000);
  });
});
