import { type AccountState, applyAccountLinks, readAccount } from "@salus/evaluate";
import { parseAccountRoots } from "@salus/protocol";
import vectors from "../../../../vectors/account-v1.json" with { type: "json" };
import { type Check, group, hex, must, outcome, same } from "./check.ts";

const appends = vectors.valid.map(({ links }) => links.map(hex));

export const accountChecks: readonly Check[] = group("account-v1", [
  ...vectors.states.map((vector) => ({
    name: `the account after ${vector.after} appends`,
    run(): void {
      const whole = must(readAccount(appends.slice(0, vector.after).flat()));
      same(whole.account, vectors.account);
      same(plain(whole), { ...vector, after: undefined });
      // One append at a time gives the same as all at once.
      same(plain(stateAfter(vector.after)), plain(whole));
    },
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const links = vector.links.map(hex);
      if (vector.after === 0) {
        same(outcome(readAccount(links)), vector.error);
        return;
      }
      const state = stateAfter(vector.after);
      const kept = plain(state);
      same(outcome(applyAccountLinks(state, links)), vector.error);
      same(plain(state), kept, "the state after a refused append");
    },
  })),
  ...vectors.roots.map(({ plain: bytes, ok }, at) => ({
    name: `account roots ${at + 1}`,
    run: () => same(outcome(parseAccountRoots(hex(bytes))), ok ? "ok" : "malformed"),
  })),
]);

function stateAfter(count: number): AccountState {
  let state = must(readAccount(appends[0] ?? []));
  for (const links of appends.slice(1, count)) state = must(applyAccountLinks(state, links));
  return state;
}

function plain(state: AccountState): unknown {
  const statuses = (map: ReadonlyMap<string, { readonly status: string }>): unknown =>
    Object.fromEntries([...map].map(([id, { status }]) => [id, status]));
  return {
    head: state.head.hash,
    devices: statuses(state.devices),
    unlocks: statuses(state.unlocks),
    roots: state.roots,
  };
}
