import { toHex } from "@salus/base";
import { applyLinks, type ChainState, readChain } from "@salus/evaluate";
import vectors from "../../../../vectors/approval-v1.json" with { type: "json" };
import { type Check, group, hex, must, outcome, same } from "./check.ts";

const appends = vectors.valid.map(({ links }) => links.map(hex));

/** The state after so many appends, each applied by itself. */
function after(count: number): ChainState {
  const [first = [], ...later] = appends.slice(0, count);
  let state = must(readChain(first));
  for (const links of later) state = must(applyLinks(state, links));
  return state;
}

export const approvalChecks: readonly Check[] = group("approval-v1", [
  {
    name: "the whole chain, read at once",
    run(): void {
      const state = must(readChain(appends.flat()));
      same(state.vault, vectors.vault);
      same(plain(state), vectors.valid.at(-1)?.state);
    },
  },
  ...vectors.valid.map(({ comment, state }, at) => ({
    name: comment,
    run: () => same(plain(after(at + 1)), state),
  })),
  ...vectors.invalid.map((vector) => ({
    name: vector.comment,
    run(): void {
      const state = after(vector.after);
      const kept = plain(state);
      same(outcome(applyLinks(state, vector.links.map(hex))), vector.error);
      same(plain(state), kept, "the state after a refused append");
    },
  })),
]);

function plain(state: ChainState): unknown {
  const grants = [...state.grants].map(([handle, { status }]) => [handle, status]);
  const approvals = [...state.approvals].map(([request, { digest, grants: listed }]) => [
    request,
    { digest: toHex(digest), grants: listed.map(toHex) },
  ]);
  return {
    head: state.head.hash,
    grants: Object.fromEntries(grants),
    approvals: Object.fromEntries(approvals),
    trail: state.trail === undefined ? null : state.trail.kem,
    policy: state.policyVersion,
  };
}
