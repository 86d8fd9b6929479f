import { toHex } from "@salus/base";
import { type Signer, signCertificate } from "@salus/crypto";
import { verifyCertificate } from "@salus/evaluate";
import {
  certificatePageSchema,
  certificatesStoredSchema,
  chainHeadSchema,
  chainPageSchema,
  type KnownVault,
  LIMITS,
  newVaultSchema,
  vaultsPageSchema,
} from "@salus/protocol";
import { newSigner, read } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { Patient } from "./patient.ts";
import { Story } from "./story.ts";

// Goal: vaults are opened by their first links, chains grow by whole appends, and the registry of
// providers holds what issuers put there.
// Method: every outcome of each route, each link of a bad append looked for afterwards.

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.stop());

describe("a vault", () => {
  it("is opened by the device that signed its first link, and a second time the same", async () => {
    const patient = new Patient(1);
    const owner = new Asker(cloud, patient.device);
    const stranger = new Asker(cloud);
    const refused = await stranger.post("/v1/vaults", { links: patient.links });
    expect(refused.problem).toEqual({ kind: "not-yours" });
    const message = { vault: patient.vault, ...patient.head };
    const first = await owner.post("/v1/vaults", { links: patient.links });
    expect(read(first, newVaultSchema)).toEqual(message);
    const again = await owner.post("/v1/vaults", { links: patient.links });
    expect(read(again, newVaultSchema)).toEqual(message);
    const { links } = patient;
    const shorter = await owner.post("/v1/vaults", { links: links.slice(0, 2) });
    expect(read(shorter, newVaultSchema).seq).toBe(1);
    patient.append("chain/generation", { closes: { cells: [], scopes: [] } });
    const longer = await owner.post("/v1/vaults", { links: patient.links });
    expect(longer.problem).toMatchObject({ kind: "chain-conflict", seq: links.length - 2 });
  });

  it("is not opened by a chain that is wrong", async () => {
    const patient = new Patient(1);
    const owner = new Asker(cloud, patient.device);
    const [genesis, second, third] = patient.links as [never, never, never];
    const gap = await owner.post("/v1/vaults", { links: [genesis, third] });
    expect(gap.problem).toEqual({ kind: "chain-gap" });
    const headless = await owner.post("/v1/vaults", { links: [second, third] });
    expect(headless.problem).toEqual({ kind: "wrong-type" });
    const chain = await owner.get(`${patient.path}/chain`);
    expect(chain.problem).toEqual({ kind: "no-such-vault" });
  });

  it("is listed for its devices, its sources and its grantees, until they are no more", async () => {
    const story = await Story.begin(cloud, 1);
    const grantee = newSigner();
    const vaultsOf = async (signer: Signer): Promise<readonly KnownVault[]> =>
      read(await new Asker(cloud, signer).get("/v1/vaults"), vaultsPageSchema).vaults;
    const { vault } = story;
    expect(await vaultsOf(story.device)).toEqual([{ vault, role: "device", grants: [] }]);
    expect(await vaultsOf(story.first.signer)).toEqual([{ vault, role: "source", grants: [] }]);
    expect(await vaultsOf(grantee)).toEqual([]);
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    expect(await vaultsOf(grantee)).toEqual([{ vault, role: "grantee", grants: [grant] }]);
    story.append("chain/revoke", { grant, closes: { cells: [], scopes: [] } });
    const { handle, signer, kem } = story.first;
    story.append("chain/roster", { op: "end", source: handle, key: signer.key, ...kem.public });
    await story.sync();
    expect(await vaultsOf(grantee)).toEqual([]);
    expect(await vaultsOf(story.first.signer)).toEqual([]);
  });

  it("is found page by page by a key that many vaults have", async () => {
    const grantee = newSigner();
    const stories: Story[] = [];
    for (let at = 0; at < 4; at += 1) {
      const story = await Story.begin(cloud, 1);
      await story.grant(story.terms(grantee, [story.first]));
      await story.sync();
      stories.push(story);
    }
    const asker = new Asker(cloud, grantee);
    const all = read(await asker.get("/v1/vaults"), vaultsPageSchema);
    const handles = all.vaults.map(({ vault }) => toHex(vault));
    expect(handles).toEqual(stories.map(({ vault }) => toHex(vault)).toSorted());
    const rest = await asker.get(`/v1/vaults?after=${handles[1]}`);
    expect(read(rest, vaultsPageSchema).vaults).toEqual(all.vaults.slice(2));
  });
});

describe("a chain", () => {
  it("is read from any link on", async () => {
    const story = await Story.begin(cloud, 1);
    const page = async (query: string): Promise<unknown> =>
      read(await story.owner.get(`${story.path}/chain${query}`), chainPageSchema);
    expect(await page("")).toEqual({ links: story.links, more: false });
    expect(await page("?from=2")).toEqual({ links: story.links.slice(2), more: false });
    expect(await page("?from=999999")).toEqual({ links: [], more: false });
  });

  it("is read in pages of 500", async () => {
    const story = await Story.begin(cloud, 0);
    for (let at = 0; at < 520; at += 1) {
      story.append("chain/generation", { closes: { cells: [], scopes: [] } });
      if (at % 256 === 255) await story.sync();
    }
    await story.sync();
    const path = `${story.path}/chain`;
    const first = read(await story.owner.get(path), chainPageSchema);
    expect([first.links.length, first.more]).toEqual([500, true]);
    const second = read(await story.owner.get(`${path}?from=500`), chainPageSchema);
    expect([...first.links, ...second.links]).toEqual(story.links);
    expect(second.more).toBe(false);
  });

  it("grows by a list of links wholly or not at all", async () => {
    const story = await Story.begin(cloud, 1);
    const { head } = story;
    const good = story.append("chain/generation", { closes: { cells: [], scopes: [] } });
    const scopes = [story.scope(undefined), story.scope(undefined)];
    const bad = story.append("chain/generation", { closes: { cells: [], scopes } });
    const path = `${story.path}/chain`;
    const answered = await story.owner.post(path, { links: [good, bad] });
    expect(answered.problem).toEqual({ kind: "not-live" });
    const page = read(await story.owner.get(path), chainPageSchema);
    expect(page.links.length).toBe((head?.seq ?? 0) + 1);
  });

  it("answers links that it has as when they came, and others for their place with its head", async () => {
    const story = await Story.begin(cloud, 1);
    const fork = story.head;
    const path = `${story.path}/chain`;
    const links = [
      story.append("chain/generation", { closes: { cells: [], scopes: [] } }),
      story.append("chain/generation", { closes: { cells: [], scopes: [] } }),
    ];
    await story.sync();
    const after = story.head;
    const again = read(await story.owner.post(path, { links }), chainHeadSchema);
    expect(again).toEqual(after);
    story.head = fork;
    const other = [
      story.append("chain/generation", { closes: { cells: [], scopes: [story.scope(undefined)] } }),
    ];
    const late = await story.owner.post(path, { links: other });
    expect(late.problem).toEqual({ kind: "chain-conflict", ...after });
  });

  it("is at most so long, and what was given can be taken back when no more can be given", async () => {
    const story = await Story.begin(cloud, 1);
    const path = `${story.path}/chain`;
    const { head } = story;
    const grow = (seq: number): Promise<unknown> =>
      cloud.database.client.query(
        "insert into link (vault, seq, bytes) values ($1::uuid, $2, convert_to(repeat('0', $3), 'UTF8'))",
        [Buffer.from(story.vault.slice(0, 16)), seq, LIMITS.chainBytes],
      );
    await grow(1_000_001);
    const trail = story.append("chain/trail", story.deviceKem.public);
    const given = await story.owner.post(path, { links: [trail] });
    expect([given.status, given.problem]).toEqual([413, { kind: "too-large" }]);
    story.head = head;
    const taken = story.append("chain/generation", { closes: { cells: [], scopes: [] } });
    expect(read(await story.owner.post(path, { links: [taken] }), chainHeadSchema)).toEqual(
      story.head,
    );
    await grow(1_000_002);
    const more = story.append("chain/generation", { closes: { cells: [], scopes: [] } });
    const refused = await story.owner.post(path, { links: [more] });
    expect(refused.problem).toEqual({ kind: "too-large" });
  });

  it("takes one of two appends that are made at once", async () => {
    const story = await Story.begin(cloud, 1);
    const fork = story.head;
    const path = `${story.path}/chain`;
    const lists = [0, 1, 2, 3].map((at) => {
      story.head = fork;
      const cells = at === 0 ? [] : [story.cell(story.first)];
      const scopes =
        at === 2 ? [story.scope(undefined)] : at === 3 ? [story.scope(story.first)] : [];
      return [story.append("chain/generation", { closes: { cells, scopes } })];
    });
    const answers = await Promise.all(lists.map((links) => story.owner.post(path, { links })));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, 409, 409, 409]);
  });

  it.each([
    ["as it was stored", ""],
    ["when its state is lost", "delete from chain_state"],
    ["when its state is damaged", "update chain_state set bytes = '\\x00'"],
    ["when its state is an older program's", "update chain_state set format = 0"],
  ])("is known after the cloud is started again, %s", async (_, statement) => {
    const story = await Story.begin(cloud, 1);
    cloud = await cloud.restart();
    await cloud.database.client.query(statement);
    const asker = new Asker(cloud, story.device);
    const page = read(await asker.get(`${story.path}/chain`), chainPageSchema);
    expect(page.links).toEqual(story.links);
  });
});

describe("the registry", () => {
  const certify = (issuer: Signer, subject: Signer, name = "N"): Uint8Array<ArrayBuffer> =>
    signCertificate(issuer, {
      ...{ subject: subject.key, role: "organisation", node: "n", parent: "", name },
      ...{ identifiers: [], suite: 2, kem: new Uint8Array(32) as never, notBefore: 0, expires: 9 },
    });

  it("takes certificates from their issuer, each once, and shows them to all", async () => {
    const authority = newSigner();
    const certificates = [1, 2, 3].map(() => certify(authority, newSigner()));
    const asker = new Asker(cloud, authority);
    const post = async (message: object): Promise<number> =>
      read(await asker.post("/v1/providers", message), certificatesStoredSchema).stored;
    expect(await post({ certificates })).toBe(3);
    expect(await post({ certificates })).toBe(0);
    const stranger = new Asker(cloud);
    const refused = await stranger.post("/v1/providers", { certificates });
    expect(refused.problem).toEqual({ kind: "not-yours" });
    const page = async (query: string): Promise<readonly string[]> => {
      const answered = await asker.request("GET", `/v1/providers${query}`, undefined, {
        header: undefined,
      });
      return read(answered, certificatePageSchema).certificates.map(toHex);
    };
    const all = await page("");
    expect(all).toEqual(expect.arrayContaining(certificates.map(toHex)));
    expect(await page(`?after=${"f".repeat(128)}`)).toEqual([]);
  });

  it("shows all that is said about one subject, however much that is", async () => {
    const crowded = newSigner();
    const authority = newSigner();
    const asker = new Asker(cloud, authority);
    const names = Array.from({ length: LIMITS.pageItems + 30 }, (_, at) => `N${at}`);
    const certificates = names.map((name) => certify(authority, crowded, name));
    for (let from = 0; from < certificates.length; from += 256) {
      const message = { certificates: certificates.slice(from, from + 256) };
      expect((await asker.post("/v1/providers", message)).problem).toBeUndefined();
    }
    const seen = new Set<string>();
    for (let after = ""; ; ) {
      const answered = await asker.request("GET", `/v1/providers${after}`, undefined, {
        header: undefined,
      });
      const page = read(answered, certificatePageSchema);
      for (const certificate of page.certificates) seen.add(toHex(certificate));
      const last = page.certificates.at(-1);
      if (!page.more || last === undefined) break;
      const statement = verifyCertificate(last);
      if (!statement.ok) throw new Error("a stored certificate verifies");
      after = `?after=${toHex(statement.value.payload.subject)}${toHex(statement.value.hash)}`;
    }
    expect(certificates.filter((certificate) => !seen.has(toHex(certificate)))).toEqual([]);
  });

  it("refuses one whose signature is wrong", async () => {
    const authority = newSigner();
    const certificate = certify(authority, newSigner());
    const last = certificate.length - 1;
    certificate[last] = (certificate[last] ?? 0) ^ 1;
    const asker = new Asker(cloud, authority);
    const answered = await asker.post("/v1/providers", { certificates: [certificate] });
    expect(answered.problem).toEqual({ kind: "bad-signature" });
  });
});
