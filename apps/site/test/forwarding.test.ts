import { connect } from "node:net";
import { httpCloud } from "@salus/client";
import { LIMITS } from "@salus/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORWARD_LIMITS } from "../src/forwarding/forwarder.ts";
import { ask, type Peer, startPeer, startTestSite, type TestSite } from "./harness.ts";

// Goal: what is for a service reaches it as it was sent, with nothing about who sent it; what is for nobody reaches
// nobody; a service that is away, silent or breaks off is told from one that answers.
// Method: peers that note what comes and answer as told.

let cloud: Peer;
let directory: Peer;
let site: TestSite;
const limits = { ...FORWARD_LIMITS, silenceMs: 300 };
beforeAll(async () => {
  cloud = await startPeer(({ url }, response) => {
    if (url.startsWith("/v1/silent")) return;
    if (url.startsWith("/v1/broken")) {
      response.writeHead(200, { "content-length": "10" });
      response.write("12345", () => response.destroy());
      return;
    }
    const status = url.startsWith("/v1/busy") ? 429 : 200;
    response.writeHead(status, {
      ...{ "content-type": "application/cbor", "retry-after": "3" },
      ...{ "x-inside": "secret", "set-cookie": "id=1" },
    });
    response.end(Buffer.from([1, 2, 3]));
  });
  directory = await startPeer((_, response) => response.end("directory"));
  site = await startTestSite({ cloud: cloud.url, directory: directory.url, limits });
});
afterAll(async () => {
  await site.close();
  await cloud.stop();
  await directory.stop();
});

describe("a request", () => {
  it("reaches the service as it was sent, and says nothing of who sent it", async () => {
    const body = Buffer.alloc(100_000, 7);
    const answered = await ask(site.url, "/v1/vaults/00ff/batches?source=ab&from=2", {
      method: "POST",
      headers: {
        authorization: "Salus abc",
        "salus-trail": "sealed",
        "content-type": "application/cbor",
        "user-agent": "Browser/1",
        cookie: "a=b",
        referer: "http://localhost/item/1",
        "x-forwarded-for": "127.0.0.1",
        "accept-language": "hi",
        te: "trailers",
      },
      body,
    });
    expect([answered.status, [...answered.body]]).toEqual([200, [1, 2, 3]]);
    const asked = cloud.asked.at(-1);
    expect([asked?.method, asked?.url]).toEqual([
      "POST",
      "/v1/vaults/00ff/batches?source=ab&from=2",
    ]);
    expect(asked?.body.equals(body)).toBe(true);
    const { connection, host, ...rest } = asked?.headers ?? {};
    expect([connection, host]).toEqual(["keep-alive", cloud.url.host]);
    expect(rest).toEqual({
      authorization: "Salus abc",
      "salus-trail": "sealed",
      "content-length": "100000",
      "content-type": "application/cbor",
      forwarded: "for=unknown",
    });
  });

  it("for the directory reaches it without the prefix", async () => {
    expect(String((await ask(site.url, "/directory/v1/mailbox?from=1")).body)).toBe("directory");
    expect(directory.asked.at(-1)?.url).toBe("/v1/mailbox?from=1");
  });

  it("is answered with what concerns its sender", async () => {
    const { status, headers } = await ask(site.url, "/v1/busy");
    expect([status, headers["retry-after"], headers["content-type"]]).toEqual([
      ...[429, "3", "application/cbor"],
    ]);
    expect([headers["x-inside"], headers["set-cookie"]]).toEqual([undefined, undefined]);
  });

  it.each([
    ...["/v1", "/v1/", "/v1/../metrics", "/v1/%2e%2e/metrics", "/v1//cloud", "/v1/cloud;x"],
    ...["/directory/v1/../health", "/directory/v1/a%2fb", "/v1/cloud?a=<b>"],
  ])("for %s reaches nobody", async (path) => {
    const before = [cloud.asked.length, directory.asked.length];
    const { status, headers } = await ask(site.url, path);
    const isPage = headers["content-type"]?.startsWith("text/html") ?? false;
    expect(status === 404 || isPage).toBe(true);
    expect([cloud.asked.length, directory.asked.length]).toEqual(before);
  });

  it.each(["/metrics", "/directory/metrics", "/directory/health"])(
    "for %s, which is its operator's, reaches nobody",
    async (path) => {
      const before = [cloud.asked.length, directory.asked.length];
      await ask(site.url, path);
      expect([cloud.asked.length, directory.asked.length]).toEqual(before);
    },
  );

  it("that hides a second one in its body is one request", async () => {
    const hidden = "GET /v1/stolen HTTP/1.1\r\nhost: a\r\n\r\n";
    const length = hidden.length.toString(16);
    const { hostname, port } = new URL(site.url);
    for (const framing of [
      `content-length: ${hidden.length}\r\n\r\n${hidden}`,
      `transfer-encoding: chunked\r\n\r\n${length}\r\n${hidden}\r\n0\r\n\r\n`,
    ]) {
      const socket = connect(Number(port), hostname);
      socket.write(`GET /v1/first HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${framing}`);
      for await (const _ of socket);
      await ask(site.url, "/v1/after");
    }
    expect(cloud.asked.map(({ url }) => url)).not.toContain("/v1/stolen");
  });
});

describe("a body", () => {
  it("may be as long as the services take, and passes by no list of them that is shorter", () => {
    expect(FORWARD_LIMITS.bodyBytes).toBe(LIMITS.bodyBytes);
  });

  it.each([
    ["says so", { "content-length": String(LIMITS.bodyBytes + 1) }],
    ["does not say so", { "transfer-encoding": "chunked" }],
  ])("that is too long and %s is refused", async (_, headers) => {
    const before = cloud.asked.length;
    const body = Buffer.alloc(LIMITS.bodyBytes + 1);
    const refused = await ask(site.url, "/v1/vaults", { method: "POST", headers, body });
    expect([refused.status, JSON.parse(String(refused.body)).kind]).toEqual([413, "too-large"]);
    expect(cloud.asked.length).toBe(before);
  });
});

describe("a service", () => {
  const patience = { totalMs: 0 };

  it("that is away is said to be, in a way that a client takes for that", async () => {
    const away = await startTestSite({ limits });
    const { status, headers, body } = await ask(away.url, "/v1/cloud");
    expect(status).toBe(502);
    expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(String(body))).toEqual({
      ...{ type: "about:blank", title: "bad gateway", status: 502 },
    });
    const about = await httpCloud(away.url, { patience }).about();
    expect(about).toEqual({ ok: false, error: { kind: "unreachable" } });
    await away.close();
  });

  it("that says nothing is waited for no longer than a client waits", async () => {
    const { status, body } = await ask(site.url, "/v1/silent");
    expect([status, JSON.parse(String(body)).title]).toEqual([504, "gateway timeout"]);
    expect(FORWARD_LIMITS.silenceMs).toBeLessThanOrEqual(60_000);
  });

  it("that breaks off is not taken for one that has answered", async () => {
    await expect(ask(site.url, "/v1/broken")).rejects.toThrow();
  });

  it("that has enough to do is spared, and its clients come again", async () => {
    const full = await startTestSite({ cloud: cloud.url, limits: { ...limits, requests: 0 } });
    const { status, headers } = await ask(full.url, "/v1/cloud");
    expect([status, headers["retry-after"]]).toEqual([503, "1"]);
    await full.close();
  });
});
