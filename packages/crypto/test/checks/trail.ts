import { trailNonce } from "@salus/evaluate";
import { GrantHandle, type TrailAction, VaultHandle } from "@salus/protocol";
import vectors from "../../../../vectors/log-v1.json" with { type: "json" };
import { KemPair, Key, openTrail, sealTrail } from "../../src/index.ts";
import { type Check, group, hex, must, outcome, same } from "./check.ts";

const { trail } = vectors;
const pair = new KemPair(new Key("trail-kem-seed", hex(trail.seed)), 2);
const place = {
  vault: VaultHandle.of(hex(trail.vault)),
  grant: GrantHandle.of(hex(trail.grant)),
};

export const trailChecks: readonly Check[] = group("log-v1", [
  ...trail.valid.map(({ entry, nonce, drawn, content }, at) => ({
    name: `trail entry ${at}`,
    async run(): Promise<void> {
      const said = {
        ...content,
        action: content.action as TrailAction,
        checkpoint: hex(content.checkpoint),
      };
      same(await sealTrail(pair, place, said, hex(drawn)), entry);
      same(trailNonce(hex(entry)), nonce);
      same(must(await openTrail(pair, place, hex(entry))), said);
    },
  })),
  ...trail.invalid.map(({ comment, entry, vault, grant, error }) => ({
    name: `trail entry, ${comment}`,
    async run(): Promise<void> {
      const other = { vault: VaultHandle.of(hex(vault)), grant: GrantHandle.of(hex(grant)) };
      same(outcome(await openTrail(pair, other, hex(entry))), error);
    },
  })),
]);
