import { utf8 } from "@salus/base";
import { type Cloud, httpCloud } from "@salus/client";
import {
  drawBatch,
  drawDevice,
  drawKey,
  type LinkFields,
  seal,
  signLink,
  wrapBatchKey,
} from "@salus/crypto";
import {
  type ChainState,
  digest,
  encodeLeaf,
  entriesRoot,
  merkleRoot,
  readChain,
  wrapsDigest,
} from "@salus/evaluate";
import {
  type ChainHead,
  Digest,
  encodeMessage,
  type LinkType,
  RecordHandle,
  VaultHandle,
} from "@salus/protocol";
import {
  type CloudProcess,
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  type Somebody,
  somebody,
  startCloudProcess,
  type TestPatient,
  vaultOf,
} from "@salus/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";

// Goal: nobody is shown records of a vault that she has not made as if they were her own.
// Method: a real cloud. A forger who knows the patient's chain, as each of her sources does, makes a vault
// that names her key as a device, and her source and cell under his own key, and fills it.

let server: CloudProcess;
let cloud: Cloud;

beforeAll(async () => {
  server = await startCloudProcess();
  cloud = httpCloud(server.url);
});
afterAll(() => server.stop());

const NO_HASH = Digest.of(new Uint8Array(32));

it("a vault that names somebody as a device without her doing is not hers", async () => {
  const owner = await newPatient(cloud);
  const source = await newSource(cloud, owner, "org-a", ["vitals"]);
  const vault = await vaultOf(source, owner.vault);
  must(await vault.upload([{ resource: pressure("true", 120) }]));
  const links = must(await cloud.chain(source.identity.caller(), owner.vault, 0)).links;
  await forge(await somebody(), owner, must(readChain(links)));
  const reader = await readerOf(cloud, owner);
  expect(must(await reader.vaults())).toHaveLength(2);
  const answer = must(await reader.export());
  const ids: unknown[] = [];
  for await (const { resource } of answer) ids.push(resource.id);
  expect(ids).toEqual(["true"]);
  expect(answer.report().failures).toMatchObject([{ error: { kind: "unknown-grant" } }]);
});

/** Make and fill a vault that looks like the owner's. */
async function forge(forger: Somebody, owner: TestPatient, chain: ChainState): Promise<void> {
  const { signer, card } = forger.identity;
  const [source] = chain.sources.values();
  const [cell] = chain.cells.values();
  if (source === undefined || cell === undefined) throw new Error("the owner has a source");
  const links: Uint8Array<ArrayBuffer>[] = [];
  let head: ChainHead | undefined;
  const add = <T extends LinkType>(type: T, fields: LinkFields<T>): void => {
    const link = signLink(signer, type, head, Date.now(), fields);
    links.push(link.signed);
    head = link.head;
  };
  add("chain/genesis", {
    device: { id: drawDevice(), ...card },
    merge: "sources",
    policy: "balanced",
    policyVersion: 1,
    salt: new Uint8Array(16),
  } as never);
  add("chain/device", { op: "add", device: { id: drawDevice(), ...owner.identity.card } });
  const { sign: key, suite, kem } = card;
  add("chain/roster", { op: "add", source: source.source, key, suite, kem });
  const { generation } = cell;
  add("chain/cell", {
    ...{ cell: cell.cell, source: cell.source, generation },
    ...{ suite: cell.suite, kem: cell.kem, replaces: [] },
  });
  const { vault } = must(await cloud.createVault(forger.identity.caller(), links));
  if (head === undefined) throw new Error("there are links");
  const batch = drawBatch();
  const record = RecordHandle.of(new Uint8Array(16).fill(7));
  const batchKey = drawKey("batch");
  const place = { vault, source: source.source, batch };
  const header = {
    ...place,
    ...{ record, cell: cell.cell, generation, revision: 1 },
    ...{ tombstone: false, policyVersion: 1, sealedAt: Date.now() },
  };
  const body = utf8(JSON.stringify(pressure("forged", 180)));
  const content = { media: "application/fhir+json", path: ["org-a"], body } as const;
  const envelope = seal(batchKey, header, { ...content, assigned: "stated" }, signer);
  const entries = entriesRoot(record, 1, []);
  const leaf = encodeLeaf({
    kind: "record",
    record,
    revision: 1,
    envelope: digest(envelope),
    entries,
  });
  const wraps = [await wrapBatchKey(cell, { vault, cell: cell.cell, batch }, batchKey)];
  const statement = signer.sign("batch", {
    ...place,
    ...{ number: 1, prev: NO_HASH, head, time: Date.now(), policyVersion: 1, scopes: [] },
    ...{ wraps: wrapsDigest(wraps), items: 1, root: merkleRoot([leaf]) },
  });
  const items = [{ envelope, expects: 0, entries: [] }];
  const upload = encodeMessage({ statement, wraps, certificates: [], items });
  must(await cloud.upload(forger.identity.caller(), VaultHandle.of(vault), upload));
}
