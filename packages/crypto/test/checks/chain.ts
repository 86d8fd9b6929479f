import { toHex } from "@salus/base";
import { applyLinks, type ChainState, readChain } from "@salus/evaluate";
import vectors from "../../../../vectors/chain-v1.json" with { type: "json" };
import { type Check, group, hex, must, outcome, same } from "./check.ts";

const links = vectors.valid.map(({ signed }) => hex(signed));

export const chainChecks: readonly Check[] = group("chain-v1", [
  {
    name: "the story",
    run(): void {
      const state = must(readChain(links));
      same(state.vault, vectors.vault);
      same(
        state.hashes,
        vectors.valid.map(({ hash }) => hash),
      );
    },
  },
  ...vectors.states.map((vector) => ({
    name: `the state after ${vector.after} links`,
    run(): void {
      const whole = must(readChain(links.slice(0, vector.after)));
      same(plain(whole), { ...vector, after: undefined });
      // One at a time gives the same as all at once.
      let state = must(readChain(links.slice(0, 1)));
      for (const link of links.slice(1, vector.after)) state = must(applyLinks(state, [link]));
      same(plain(state), plain(whole));
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const before = links.slice(0, vector.after);
      const link = hex(vector.signed);
      if (vector.after === 0) {
        same(outcome(readChain([link])), vector.error);
        return;
      }
      const state = must(readChain(before));
      const kept = plain(state);
      same(outcome(applyLinks(state, [link])), vector.error);
      same(plain(state), kept, "the state after a refused link");
    },
  })),
]);

function plain(state: ChainState): unknown {
  const statuses = (map: ReadonlyMap<string, { readonly status: string }>): unknown =>
    Object.fromEntries([...map].map(([handle, { status }]) => [handle, status]));
  const cells = [...state.cells].map(([handle, { status, generation, source, successor }]) => [
    handle,
    { status, generation, owner: toHex(source), successor },
  ]);
  const scopes = [...state.scopes].map(([handle, { status, version, node, successor }]) => [
    handle,
    { status, version, owner: toHex(node), successor },
  ]);
  return {
    head: state.head.hash,
    devices: statuses(state.devices),
    sources: statuses(state.sources),
    grants: statuses(state.grants),
    cells: Object.fromEntries(cells),
    scopes: Object.fromEntries(scopes),
  };
}
