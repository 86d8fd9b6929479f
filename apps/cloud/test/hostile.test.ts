import { connect } from "node:net";
import { toHex } from "@salus/base";
import { type CborValue, encodeCbor, encodeMessage, LIMITS, type Query } from "@salus/protocol";
import { readAnswer } from "@salus/testkit/asker";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASK, Asker } from "./asker.ts";
import { startTestCloud, type TestCloud } from "./harness.ts";
import type { Facts } from "./patient.ts";
import { Story } from "./story.ts";

// Goal: whatever arrives is answered with a typed error, says nothing of the inside, and leaves
// nothing behind; limits hold at the limit, one above, and far above.
// Method: malformed, oversized and unknown input on every route; random bytes and random CBOR; raw
// sockets for what is no HTTP.

let cloud: TestCloud;
let story: Story;
beforeAll(async () => {
  cloud = await startTestCloud();
  story = await Story.begin(cloud, 1);
});
afterAll(() => cloud.stop());

const POSTS = ["", "/chain", "/batches", "/query", "/records", "/history", "/revisions"] as const;

/** Who may use a route, so that its own reading is reached. */
function askerFor(route: string): Asker {
  const source = route === "/batches" || route === "/revisions";
  return new Asker(cloud, source ? story.first.signer : story.device);
}

function pathOf(route: string): string {
  return route === "" ? "/v1/vaults" : `${story.path}${route}`;
}

describe("a body", () => {
  it.each(POSTS)("of random bytes is malformed: %s", async (route) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (body) => {
        const answered = await askerFor(route).request("POST", pathOf(route), body);
        expect(answered.problem?.kind).toBe("malformed");
      }),
      { numRuns: 15 },
    );
  });

  it.each(POSTS)("of some other CBOR is malformed: %s", async (route) => {
    const value: fc.Arbitrary<CborValue> = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.nat(),
        fc.boolean(),
        fc.constant(null),
        fc.string(),
        fc.uint8Array({ maxLength: 40 }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom("links", "clauses", "records", "source", "x"), tie("value")),
      ),
    })).value as fc.Arbitrary<CborValue>;
    await fc.assert(
      fc.asyncProperty(value, async (message) => {
        const answered = await askerFor(route).request("POST", pathOf(route), encodeCbor(message));
        const { kind } = answered.problem ?? {};
        expect(answered.status === 200 || kind === "malformed").toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("with an unknown field is malformed", async () => {
    const answered = await story.owner.post(`${story.path}/query`, { ...ASK, extra: 1 });
    expect(answered.problem).toEqual({ kind: "malformed", what: "query" });
  });

  it("in another encoding of the same value is malformed", async () => {
    const canonical = encodeMessage({ links: [Uint8Array.of(1)] });
    const longer = Uint8Array.from([0xb8, 1, ...canonical.slice(1)]);
    const answered = await story.owner.request("POST", `${story.path}/chain`, longer);
    expect(answered.problem).toEqual({ kind: "malformed", what: "links" });
  });

  it("nested without end is malformed, and answered at once", async () => {
    const deep = new Uint8Array(1_000_000).fill(0x81);
    const answered = await story.owner.request("POST", `${story.path}/query`, deep);
    expect(answered.problem?.kind).toBe("malformed");
  });

  it("of another media type is malformed", async () => {
    const body = Buffer.from(encodeMessage(ASK));
    const path = `${story.path}/query`;
    const authorization = story.owner.authorization("POST", path, body);
    const headers = { authorization, "content-type": "application/json" };
    const response = await fetch(`${cloud.url}${path}`, { method: "POST", headers, body });
    expect((await readAnswer(response)).problem?.kind).toBe("malformed");
  });
});

describe("the limit", () => {
  it.each([
    ["/query", LIMITS.queryBytes],
    ["/records", LIMITS.queryBytes],
    ["/revisions", LIMITS.queryBytes],
    ["/batches", LIMITS.bodyBytes],
    ["/chain", LIMITS.bodyBytes],
  ])("of the body of %s is %i bytes", async (route, limit) => {
    const asker = askerFor(route);
    const kindOf = async (size: number): Promise<string | undefined> => {
      const answered = await asker.request("POST", pathOf(route), new Uint8Array(size));
      return answered.problem?.kind;
    };
    expect(await kindOf(limit)).toBe("malformed");
    expect(await kindOf(limit + 1)).toBe("too-large");
  });

  it("holds for a body that says it is a hundred times larger", async () => {
    const path = `${story.path}/batches`;
    const authorization = askerFor("/batches").authorization("POST", path, new Uint8Array());
    const lines = [`POST ${path} HTTP/1.1`, "host: x", `authorization: ${authorization}`];
    const size = 100 * LIMITS.bodyBytes;
    const answer = await raw([...lines, `content-length: ${size}`, type, "", ""].join("\r\n"));
    expect(answer).toContain("413");
    expect(answer).toContain('"kind":"too-large"');
  });

  const queries: readonly (readonly [string, (count: number) => Partial<Query>, number])[] = [
    ["clauses", (count) => ({ clauses: Array(count).fill([tagProbe()]) }), LIMITS.clauses],
    [
      "groups",
      (count) => ({ order: Array(count).fill(story.dayColumn(undefined)) }),
      LIMITS.groups,
    ],
    ["candidates a page", (limit) => ({ limit }), LIMITS.pageItems],
  ];
  it.each(queries)("of %s in a query", async (_, make, limit) => {
    const statusOf = async (count: number): Promise<number> => {
      const path = `${story.path}/query`;
      return (await story.owner.post(path, { ...ASK, ...make(count) })).status;
    };
    expect(await statusOf(limit)).toBe(200);
    expect(await statusOf(limit + 1)).toBe(400);
    expect(await statusOf(100 * limit)).toBe(400);
  });

  it("of probes is for all clauses of a query", async () => {
    const half = Array(LIMITS.probes / 2).fill(tagProbe());
    const path = `${story.path}/query`;
    const fits = await story.owner.post(path, { ...ASK, clauses: [half, half] });
    expect(fits.status).toBe(200);
    const query = { ...ASK, clauses: [half, half, [tagProbe()]] };
    expect((await story.owner.post(path, query)).problem).toEqual({ kind: "too-large" });
  });

  it("of items a batch is a thousand, and of entries an item 1,024", async () => {
    const tale = await Story.begin(cloud, 1);
    const facts = Array.from({ length: LIMITS.batchItems + 1 }, (_, at) => ({ id: `r${at}` }));
    const send = async (records: readonly Facts[], items: number): Promise<string> => {
      const batch = await tale.batch(tale.first, records, { statement: { items } });
      const { status, problem } = await tale.send(tale.first, batch);
      if (status === 200) batch.commit();
      return problem === undefined ? String(status) : JSON.stringify(problem);
    };
    const refused = JSON.stringify({ kind: "malformed", what: "upload" });
    expect(await send(facts, LIMITS.batchItems)).toBe(refused);
    expect(await send(facts.slice(1), LIMITS.batchItems)).toBe("200");
    // Each day makes two entries.
    const days = Array.from({ length: LIMITS.itemEntries / 2 }, (_, at) => at + 1);
    expect(await send([{ id: "many", days, score: 1 }], 1)).toBe(refused);
    expect(await send([{ id: "many", days }], 1)).toBe("200");
  });

  it("of links a request is 256", async () => {
    const links = (count: number): Promise<Awaited<ReturnType<Asker["post"]>>> =>
      story.owner.post(`${story.path}/chain`, { links: Array(count).fill(Uint8Array.of(1)) });
    expect((await links(256)).problem?.kind).toBe("malformed");
    expect((await links(257)).problem).toEqual({ kind: "malformed", what: "links" });
    expect((await links(0)).problem).toEqual({ kind: "malformed", what: "links" });
  });

  it("of handles in a request for revisions is ten thousand", async () => {
    const asker = askerFor("/revisions");
    const ask = async (count: number): Promise<number> => {
      const records = Array(count).fill(new Uint8Array(16));
      return (await asker.post(`${story.path}/revisions`, { records })).status;
    };
    expect(await ask(LIMITS.revisions)).toBe(200);
    expect(await ask(LIMITS.revisions + 1)).toBe(400);
  });

  it("of a URL is 2 KiB, and of headers 16 KiB", async () => {
    const long = (size: number): string => `/${"a".repeat(size - 1)}`;
    const get = async (path: string): Promise<string | undefined> => {
      const response = await fetch(`${cloud.url}${path}`);
      return (await readAnswer(response)).problem?.kind;
    };
    expect(await get(long(LIMITS.urlBytes))).toBe("no-such-route");
    expect(await get(long(LIMITS.urlBytes + 1))).toBe("too-large");
    const header = `x: ${"a".repeat(LIMITS.headerBytes)}`;
    const answer = await raw(["GET /health HTTP/1.1", "host: x", header, "", ""].join("\r\n"));
    expect(answer).toContain("413");
  });

  it("of requests of one key at a time is fifty", async () => {
    const asker = new Asker(cloud);
    const answers = await Promise.all(
      Array.from({ length: 3 * LIMITS.requestsAtOnce }, () => asker.get("/v1/vaults")),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(
      LIMITS.requestsAtOnce,
    );
    for (const { headers, problem } of refused) {
      expect(problem).toEqual({ kind: "too-many" });
      expect(headers.get("retry-after")).toBe("1");
    }
    expect((await asker.get("/v1/vaults")).status).toBe(200);
  });
});

const type = "content-type: application/cbor";

function tagProbe(): Query["clauses"][number][number] {
  return story.wordProbes("red")[0] as never;
}

describe("a path", () => {
  it.each([
    ["/", "no-such-route"],
    ["/v1/nothing", "no-such-route"],
    [`/v1/vaults/${"A".repeat(64)}/chain`, "malformed"],
    [`/v1/vaults/${"a".repeat(63)}/chain`, "malformed"],
    ["/v1/vaults/..%2f..%2fetc/chain", "malformed"],
    ["/v1/vaults/%zz/chain", "malformed"],
    ["/v1/vaults?after=zz", "malformed"],
    ["/v1/vaults?before=1", "unknown-parameter"],
    ["/v1/cloud?x=1", "unknown-parameter"],
  ])("%s is %s", async (path, kind) => {
    const answered = await story.owner.get(path);
    expect(answered.problem?.kind).toBe(kind);
  });

  it.each([
    ["?from=-1", "malformed"],
    ["?from=1e3", "malformed"],
    ["?from=01", "malformed"],
    ["?from=9007199254740993", "malformed"],
    ["?from=1&from=2", "unknown-parameter"],
    ["?source=00", "unknown-parameter"],
    ["?__proto__=1", "unknown-parameter"],
  ])("with the query string %s is %s", async (query, kind) => {
    const answered = await story.owner.get(`${story.path}/chain${query}`);
    expect(answered.problem?.kind).toBe(kind);
  });

  it("of a method that it does not have is no route", async () => {
    const response = await fetch(`${cloud.url}/v1/cloud`, { method: "DELETE" });
    expect((await readAnswer(response)).problem).toEqual({ kind: "no-such-route" });
  });
});

/** What a raw connection is answered with. */
function raw(text: string): Promise<string> {
  const { port } = new URL(cloud.url);
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(text));
    socket.on("data", (data) => {
      answer += data.toString();
      if (answer.includes("}")) socket.destroy();
    });
    socket.on("error", () => resolve(answer));
    socket.on("close", () => resolve(answer));
  });
}

describe("what is no HTTP", () => {
  it.each([
    ["garbage", "hello there\r\n\r\n"],
    ["two lengths", "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"],
    [
      "length and chunks",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a bad header", "GET / HTTP/1.1\r\nhost: x\r\nbad header: y\r\n\r\n"],
  ])("is refused: %s", async (_, text) => {
    const answer = await raw(text);
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(answer).toContain('"kind":"malformed"');
  });
});

describe("the cloud", () => {
  it("goes on after all that", async () => {
    expect((await story.owner.get(`${story.path}/chain`)).status).toBe(200);
    expect((await fetch(`${cloud.url}/health`)).status).toBe(200);
  });

  it("logs routes and sizes, and no handle, key, query string or body", () => {
    const log = cloud.log.join("");
    expect(log).toContain('"route":"/v1/vaults/:vault/query"');
    expect(log).not.toContain(toHex(story.vault).slice(0, 16));
    expect(log).not.toContain(toHex(story.device.key).slice(0, 16));
    expect(log).not.toContain(toHex(story.first.handle));
    expect(log).not.toContain("__proto__");
    expect(log).not.toContain("Salus ");
    expect(log).not.toContain('"level":50');
  });

  it("counts by route, for this machine alone", async () => {
    const metrics = await (await fetch(`${cloud.url}/metrics`)).text();
    expect(metrics).toMatch(
      /salus_request_seconds_count\{method="POST",route="\/v1\/vaults\/:vault\/query"/,
    );
    expect(metrics).toContain('salus_problems_total{kind="malformed"}');
    expect(metrics).not.toContain(toHex(story.vault).slice(0, 16));
    const headers = { "x-forwarded-for": "10.0.0.1" };
    expect((await fetch(`${cloud.url}/metrics`, { headers })).status).toBe(404);
  });

  it("is unwell when its database is away, and well when it is back", async () => {
    const own = await startTestCloud();
    const tale = await Story.begin(own, 1);
    const asker = new Asker(own, tale.device);
    expect((await asker.get(`${tale.path}/chain`)).status).toBe(200);
    const client = new pg.Client({ ...own.database.server.connection, database: "postgres" });
    await client.connect();
    await client.query("alter database salus with allow_connections false");
    await client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'salus'",
    );
    expect((await fetch(`${own.url}/health`)).status).toBe(503);
    const away = await asker.get(`${tale.path}/chain`);
    expect(away.status).toBe(503);
    expect(away.problem).toEqual({ kind: "unavailable" });
    await client.query("alter database salus with allow_connections true");
    expect((await fetch(`${own.url}/health`)).status).toBe(200);
    expect((await asker.get(`${tale.path}/chain`)).status).toBe(200);
    await client.end();
    await own.stop();
  });
});
