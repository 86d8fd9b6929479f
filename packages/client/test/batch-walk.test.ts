import { ok } from "@salus/base";
import {
  drawBatch,
  drawDevice,
  drawKey,
  drawSource,
  KemPair,
  type LinkFields,
  Signer,
  signLink,
} from "@salus/crypto";
import {
  encodeLeaf,
  merkleRoot,
  NO_ENVELOPE,
  named,
  readChain,
  wrapsDigest,
} from "@salus/evaluate";
import { type ChainHead, Digest, type LinkType, RecordHandle } from "@salus/protocol";
import { expect, it } from "vitest";
import type { Cloud } from "../src/cloud/port.ts";
import type { Access } from "../src/reader/access.ts";
import { walkBatches } from "../src/reader/verify/batch-walk.ts";

// Goal: a cloud that shows a source one chain and a reader another is found out by the source's batches.
// Method: a chain that its owner signed in two ways from one link on, and a batch that names a link of
// either.

const device = new Signer(drawKey("sign-seed"));
const kem = new KemPair(drawKey("kem-seed"), 2).public;
const signer = new Signer(drawKey("sign-seed"));
const source = drawSource();

/** A chain of three links, the last of which is of a time; with the head of each. */
function chainAt(time: number): { readonly links: Uint8Array[]; readonly heads: ChainHead[] } {
  const links: Uint8Array[] = [];
  const heads: ChainHead[] = [];
  const add = <T extends LinkType>(type: T, at: number, fields: LinkFields<T>): void => {
    const { signed, head } = signLink(device, type, heads.at(-1), at, fields);
    links.push(signed);
    heads.push(head);
  };
  const genesis = { merge: "sources", policy: "balanced", policyVersion: 1 } as const;
  const owner = { id: FIRST, sign: device.key, ...kem };
  add("chain/genesis", 1, { ...genesis, device: owner, salt: new Uint8Array(16) });
  add("chain/roster", 2, { op: "add", source, key: signer.key, ...kem });
  add("chain/generation", time, { closes: { cells: [], scopes: [] } });
  return { links, heads };
}

const FIRST = drawDevice();

it("a batch that was made under another chain than is shown is named", async () => {
  const [shown, other] = [chainAt(3), chainAt(4)];
  const chain = readChain(shown.links);
  if (!chain.ok) throw new Error(`a chain is refused: ${chain.error.kind}`);
  const { vault } = chain.value;
  const record = RecordHandle.of(new Uint8Array(16));
  const leaf = { kind: "index", record, revision: 1, envelope: NO_ENVELOPE, entries: NO_ENVELOPE };
  const leaves = [encodeLeaf(leaf as Parameters<typeof encodeLeaf>[0])];
  const walked = async (head: ChainHead | undefined): Promise<readonly string[]> => {
    if (head === undefined) throw new Error("a chain has three links");
    const statement = signer.sign("batch", {
      ...{
        vault,
        source,
        head,
        batch: drawBatch(),
        number: 1,
        prev: Digest.of(new Uint8Array(32)),
      },
      ...{ time: 5, policyVersion: 1, scopes: [], wraps: wrapsDigest([]), items: 1 },
      root: merkleRoot(leaves),
    });
    const batches = async () => ok({ batches: [{ statement, wraps: [], leaves }], more: false });
    const pins = { pinBatch: () => true };
    const access = { vault, chain: chain.value, pins } as unknown as Access;
    const known = named(chain.value.sources, source);
    if (known === undefined) throw new Error("the chain has the source");
    const walk = await walkBatches({ batches } as unknown as Cloud, access, known, undefined);
    return walk.ok ? walk.value.findings.map(({ kind }) => kind) : [walk.error.kind];
  };
  expect(await walked(shown.heads[2])).toEqual([]);
  expect(await walked(shown.heads[1])).toEqual([]);
  expect(await walked(other.heads[2])).toEqual(["other-chain"]);
});
