import { type Bytes, concat, equalBytes, toHex } from "@salus/base";
import { signCertificate } from "@salus/crypto";
import {
  digest,
  headObject,
  leafHash,
  logLeaf,
  PUBLIC_SALT,
  verifyInclusion,
  verifySigned,
} from "@salus/evaluate";
import {
  type Checkpoint,
  checkpointAnswerSchema,
  encodeLogLeaf,
  leavesPageSchema,
  logProofSchema,
  type OwnLeavesPage,
  ownLeavesPageSchema,
  parseLogLeaf,
  trailPageSchema,
} from "@salus/protocol";
import { newSigner, read, readAnswer } from "@salus/testkit/asker";
import { scratch } from "@salus/testkit/database";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCloud } from "../src/cloud.ts";
import { ASK, Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { Story } from "./story.ts";

// Goal: the cloud's log holds each append, each new certificate and each answer to a grantee, once;
// what is refused leaves nothing; the routes take no parameter that means nothing.
// Method: a cloud in this process, asked over HTTP; leaves made again from what they commit to.

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());

const open = async (path: string): Promise<ReturnType<typeof readAnswer>> =>
  readAnswer(await fetch(`${cloud.url}${path}`));

/** Of all that was entered by now. */
async function checkpoint(): Promise<Checkpoint> {
  const { checkpoint: signed } = read(await open("/v1/log/checkpoint"), checkpointAnswerSchema);
  const statement = verifySigned("checkpoint", signed, cloud.info.log);
  if (!statement.ok) throw new Error("the cloud signs with the key that it names");
  return statement.value.payload;
}

async function ownLeaves(story: Story): Promise<OwnLeavesPage> {
  const { size } = await checkpoint();
  const asker = story.owner;
  return read(await asker.get(`${story.path}/log?from=0&size=${size}`), ownLeavesPageSchema);
}

async function allLeaves(): Promise<readonly Bytes[]> {
  await checkpoint();
  return read(await open("/v1/log/leaves?from=0"), leavesPageSchema).leaves;
}

describe("the log", () => {
  it("is signed by the key that the cloud names, for its id", async () => {
    expect(await checkpoint()).toMatchObject({ log: cloud.info.id });
  });

  it("holds the head of each append, and of one that is repeated once", async () => {
    const story = await Story.begin(cloud, 1);
    const before = await ownLeaves(story);
    const device = { id: new Uint8Array(16).fill(7) as never, sign: newSigner().key };
    const kem = story.deviceKem.public;
    const links = [story.append("chain/device", { op: "add", device: { ...device, ...kem } })];
    const asker = story.owner;
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await asker.post(`${story.path}/chain`, { links })).status).toBe(200);
    }
    const { salt, leaves } = await ownLeaves(story);
    expect(leaves).toHaveLength(before.leaves.length + 1);
    const last = leaves.at(-1);
    const { head } = story;
    if (last === undefined || head === undefined) throw new Error("there is a leaf and a head");
    expect(last.object).toEqual(headObject(story.vault, head));
    const { index, proof, ...content } = last;
    const leaf = leafHash(encodeLogLeaf(logLeaf(salt, content)));
    expect(verifyInclusion(await checkpoint(), index, leaf, proof).ok).toBe(true);
    const again = read(
      await open(`/v1/log/inclusion?index=${index}&size=${(await checkpoint()).size}`),
      logProofSchema,
    );
    expect(again.proof).toEqual(proof);
  });

  it("holds nothing of an append that was refused", async () => {
    const story = await Story.begin(cloud, 1);
    const before = await checkpoint();
    const asker = story.owner;
    const refused = await asker.post(`${story.path}/chain`, { links: [Uint8Array.of(1)] });
    expect(refused.status).not.toBe(200);
    expect(await checkpoint()).toMatchObject({ size: before.size });
  });

  it("holds each new certificate once, for everybody to open", async () => {
    const authority = newSigner();
    const certificate = signCertificate(authority, {
      ...{ subject: newSigner().key, role: "organisation", node: "n", parent: "", name: "N" },
      ...{ identifiers: [], suite: 2, kem: new Uint8Array(32) as never, notBefore: 0, expires: 9 },
    });
    const asker = new Asker(cloud, authority);
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await asker.post("/v1/providers", { certificates: [certificate] })).status).toBe(200);
    }
    const content = {
      kind: "certificate",
      number: 0,
      object: digest(certificate),
      time: 0,
    } as const;
    const { commitment } = logLeaf(PUBLIC_SALT, content);
    const found = (await allLeaves()).filter((bytes) => {
      const leaf = parseLogLeaf(bytes);
      return leaf.ok && equalBytes(leaf.value.commitment, commitment);
    });
    expect(found).toHaveLength(1);
  });

  it("holds each answer to a grantee, and none to anybody else", async () => {
    const story = await Story.begin(cloud, 1);
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    const reader = new Asker(cloud, grantee, grant);
    const owner = story.owner;
    const before = (await ownLeaves(story)).leaves.length;
    await owner.query(story.vault, ASK);
    await reader.query(story.vault, ASK);
    await reader.query(story.vault, ASK);
    const refused = await reader.post(`${story.path}/query`, { ...ASK, limit: 0 });
    expect(refused.problem).toMatchObject({ kind: "malformed" });
    const { leaves } = await ownLeaves(story);
    expect(leaves.slice(before).map(({ kind }) => kind)).toEqual(["access", "access"]);
    const { entries } = read(await owner.get(`${story.path}/trail`), trailPageSchema);
    expect(entries.map(({ number, route }) => [number, route])).toEqual([
      [before, "query"],
      [before + 1, "query"],
    ]);
    for (const [at, { capability }] of entries.entries()) {
      expect(leaves[before + at]?.object).toEqual(digest(capability));
    }
  });

  it.each([
    "/v1/log/inclusion",
    "/v1/log/inclusion?index=0",
    "/v1/log/inclusion?index=999999&size=999999",
    "/v1/log/inclusion?index=1&size=1",
    "/v1/log/inclusion?index=-1&size=1",
    "/v1/log/consistency?from=0",
    "/v1/log/consistency?from=2&to=1",
    "/v1/log/consistency?from=0&to=999999",
    "/v1/log/leaves?from=x",
  ])("%s is malformed", async (path) => {
    expect((await open(path)).problem).toMatchObject({ kind: "malformed" });
  });

  it("takes no parameter that it does not know", async () => {
    expect((await open("/v1/log/checkpoint?size=1")).problem).toMatchObject({
      kind: "unknown-parameter",
    });
  });

  it("ends where there is nothing more", async () => {
    const { size } = await checkpoint();
    const page = read(await open(`/v1/log/leaves?from=${size}`), leavesPageSchema);
    expect(page).toEqual({ leaves: [], more: false });
  });

  it("is not opened by a program with another key", async () => {
    const folder = scratch();
    const other = {
      data: folder.path,
      database: cloud.database.url,
      log: pino({ enabled: false }),
    };
    await expect(startCloud(other)).rejects.toMatchObject({ kind: "wrong-service-keys" });
    folder.remove();
  });

  it("says of no leaf whose it is", async () => {
    const story = await Story.begin(cloud, 1);
    await checkpoint();
    const leaves = Buffer.from(concat(...(await allLeaves()))).toString("hex");
    expect(leaves.includes(toHex(story.vault.slice(0, 16)))).toBe(false);
  });
});
