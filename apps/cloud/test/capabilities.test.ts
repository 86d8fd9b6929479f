import { toHex } from "@salus/base";
import { encodeMessage, GrantHandle } from "@salus/protocol";
import { type Forgery, newSigner, readAnswer } from "@salus/testkit/asker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASK, Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import { Story } from "./story.ts";

// Goal: a request is answered only for a capability that its signer made for this very request, once,
// within minutes, and only as far as the signer's role goes.
// Method: every route, by every role; then one thing wrong with each capability.

const NOTHING = new Uint8Array();
const FAR = 6 * 60_000;

let cloud: TestCloud;
let story: Story;
beforeAll(async () => {
  cloud = await startTestCloud();
  story = await Story.begin(cloud, 2);
});
afterAll(() => cloud.stop());

describe("a capability is refused", () => {
  const body = encodeMessage(ASK);
  const cases: readonly (readonly [string, Forgery, string])[] = [
    ["for another cloud", { audience: "0".repeat(32) }, "capability-mismatch"],
    ["for another method", { method: "GET" }, "capability-mismatch"],
    ["for another path", { path: "/v1/vaults" }, "capability-mismatch"],
    ["for another body", { body: NOTHING }, "capability-mismatch"],
    ["after its time", { expires: Date.now() - 1000 }, "capability-expired"],
    ["long before its end", { expires: Date.now() + FAR }, "capability-expired"],
    ["when there is none", { header: undefined }, "unsigned"],
    ["in another scheme", { header: "Bearer abc" }, "unsigned"],
    ["that is no base64url", { header: "Salus a+b/" }, "malformed"],
    ["that is no statement", { header: "Salus AAAA" }, "malformed"],
  ];

  it.each(cases)("%s", async (_, forged, kind) => {
    const answered = await story.owner.request("POST", `${story.path}/query`, body, forged);
    expect(answered.problem?.kind).toBe(kind);
  });

  it("with the query string of another", async () => {
    const forged = { path: `${story.path}/chain?from=1` };
    const answered = await story.owner.request("GET", `${story.path}/chain`, NOTHING, forged);
    expect(answered.problem).toEqual({ kind: "capability-mismatch" });
  });

  it("when a bit of it is changed", async () => {
    const header = story.owner.authorization("POST", `${story.path}/query`, body);
    const signed = Buffer.from(header.slice(6), "base64url");
    const last = signed.length - 1;
    signed[last] = (signed[last] ?? 0) ^ 1;
    const forged = { header: `Salus ${signed.toString("base64url")}` };
    const answered = await story.owner.request("POST", `${story.path}/query`, body, forged);
    expect(answered.problem).toEqual({ kind: "bad-signature" });
  });

  it("under a key of small order, whose signature fits every message", async () => {
    const header = story.owner.authorization("POST", `${story.path}/query`, body);
    const signed = Buffer.from(header.slice(6), "base64url");
    const at = signed.length - 64 - 2 - 32;
    signed.fill(0, at, at + 32).fill(1, at, at + 1);
    signed.fill(0, at + 34).fill(1, at + 34, at + 35);
    const forged = { header: `Salus ${signed.toString("base64url")}` };
    const answered = await story.owner.request("POST", `${story.path}/query`, body, forged);
    expect(answered.problem).toEqual({ kind: "bad-key" });
  });

  it("the second time, by whichever process of the cloud", async () => {
    const path = `${story.path}/chain`;
    const header = story.owner.authorization("GET", path, NOTHING);
    const first = await story.owner.request("GET", path, NOTHING, { header });
    expect(first.status).toBe(200);
    const second = await story.owner.request("GET", path, NOTHING, { header });
    expect(second.problem).toEqual({ kind: "capability-replayed" });
    cloud = await cloud.restart();
    const answered = await readAnswer(
      await fetch(`${cloud.url}${path}`, { headers: { authorization: header } }),
    );
    expect(answered.problem).toEqual({ kind: "capability-replayed" });
    story = await Story.begin(cloud, 2);
  });

  it("of which many are sent at once, but for one", async () => {
    const path = `${story.path}/chain`;
    const header = story.owner.authorization("GET", path, NOTHING);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => story.owner.request("GET", path, NOTHING, { header })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});

describe("roles", () => {
  const routes = [
    ["GET", "/chain", NOTHING],
    ["POST", "/query", encodeMessage(ASK)],
    ["POST", "/chain", encodeMessage({ links: [Uint8Array.of(1)] })],
    ["POST", "/batches", Uint8Array.of(1)],
    ["GET", "/batches?source=", NOTHING],
    ["POST", "/revisions", encodeMessage({ records: [] })],
    ["POST", "/records", NOTHING],
    ["POST", "/history", encodeMessage({ records: [new Uint8Array(16)], before: 0, limit: 1 })],
  ] as const;

  /** How each route answers somebody: 200, or the kind of error. */
  async function answersTo(asker: Asker): Promise<Record<string, string>> {
    const source = toHex(story.first.handle);
    const found: Record<string, string> = {};
    for (const [method, route, sent] of routes) {
      const path = `${story.path}${route}${route.endsWith("=") ? source : ""}`;
      const question = { source: story.first.handle, after: NOTHING, limit: 1, entries: false };
      const body = route === "/records" ? encodeMessage(question) : sent;
      const answered = await asker.request(method, path, body);
      found[`${method} ${route}`] = answered.problem?.kind ?? String(answered.status);
    }
    return found;
  }

  it("of a device: all but uploading", async () => {
    expect(await answersTo(story.owner)).toEqual({
      "GET /chain": "200",
      "POST /query": "200",
      "POST /chain": "malformed",
      "POST /batches": "not-yours",
      "GET /batches?source=": "200",
      "POST /revisions": "not-yours",
      "POST /records": "200",
      "POST /history": "200",
    });
  });

  it("of a source: writing, and what it wrote", async () => {
    expect(await answersTo(new Asker(cloud, story.first.signer))).toEqual({
      "GET /chain": "200",
      "POST /query": "not-yours",
      "POST /chain": "not-yours",
      "POST /batches": "malformed",
      "GET /batches?source=": "200",
      "POST /revisions": "200",
      "POST /records": "200",
      "POST /history": "not-yours",
    });
  });

  it("of a grantee: reading", async () => {
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    expect(await answersTo(new Asker(cloud, grantee, grant))).toEqual({
      "GET /chain": "200",
      "POST /query": "200",
      "POST /chain": "not-yours",
      "POST /batches": "not-yours",
      "GET /batches?source=": "200",
      "POST /revisions": "not-yours",
      "POST /records": "200",
      "POST /history": "200",
    });
  });

  it("of a stranger: the answer that a vault gets which is not there", async () => {
    const stranger = new Asker(cloud);
    const found = await answersTo(stranger);
    expect(new Set(Object.values(found))).toEqual(new Set(["no-such-vault"]));
    const nowhere = `/v1/vaults/${"0".repeat(64)}/chain`;
    const answered = await stranger.get(nowhere);
    expect(answered.problem).toEqual({ kind: "no-such-vault" });
    const near = `/v1/vaults/${toHex(story.vault).slice(0, 32)}${"0".repeat(32)}/chain`;
    expect((await story.owner.get(near)).problem).toEqual({ kind: "no-such-vault" });
  });
});

describe("grants", () => {
  const ask = async (asker: Asker): Promise<string> => {
    const answered = await asker.get(`${story.path}/chain`);
    return answered.problem?.kind ?? String(answered.status);
  };

  it("hold from their beginning to their end", async () => {
    const grantee = newSigner();
    const now = Date.now();
    const terms = story.terms(grantee, [story.first], {
      notBefore: now + 600_000,
      expires: now + 1_200_000,
    });
    const grant = await story.grant(terms);
    await story.sync();
    const asker = new Asker(cloud, grantee, grant);
    expect(await ask(asker)).toBe("grant-expired");
    cloud.clock.ahead = 700_000;
    expect(await ask(asker)).toBe("200");
    cloud.clock.ahead = 1_300_000;
    expect(await ask(asker)).toBe("grant-expired");
    cloud.clock.ahead = 0;
  });

  it("end at the next request after they are revoked", async () => {
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    const asker = new Asker(cloud, grantee, grant);
    expect(await ask(asker)).toBe("200");
    story.append("chain/revoke", { grant, closes: { cells: [], scopes: [] } });
    await story.sync();
    expect(await ask(asker)).toBe("grant-revoked");
  });

  it("serve their grantee alone, and only when they are named", async () => {
    const grantee = newSigner();
    const grant = await story.grant(story.terms(grantee, [story.first]));
    await story.sync();
    expect(await ask(new Asker(cloud, newSigner(), grant))).toBe("no-such-vault");
    expect(await ask(new Asker(cloud, grantee))).toBe("no-such-vault");
    const unknown = GrantHandle.of(new Uint8Array(16));
    expect(await ask(new Asker(cloud, grantee, unknown))).toBe("no-such-vault");
  });

  it("end for a device that is removed", async () => {
    const own = await Story.begin(cloud);
    const second = newSigner();
    const kem = own.deviceKem.public;
    const device = { id: new Uint8Array(16).fill(7) as never, sign: second.key, ...kem };
    own.append("chain/device", { op: "add", device });
    await own.sync();
    const asker = new Asker(cloud, second);
    const page = await asker.get(`${own.path}/chain`);
    expect(page.status).toBe(200);
    own.append("chain/device", { op: "remove", device });
    await own.sync();
    expect((await asker.get(`${own.path}/chain`)).problem).toEqual({ kind: "no-such-vault" });
  });
});
