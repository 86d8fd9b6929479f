import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { drawKey, Signer } from "@salus/crypto";
import { checkCapability, digest } from "@salus/evaluate";
import { encodeCbor, encodeProblem, type Problem, VaultHandle } from "@salus/protocol";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { httpCloud } from "../src/cloud/http.ts";
import type { Caller, Cloud } from "../src/cloud/port.ts";
import { httpDirectory } from "../src/directory/http.ts";
import type { Directory } from "../src/directory/port.ts";
import { base64Url } from "../src/http/base64-url.ts";
import type { Exchange } from "../src/http/link.ts";
import { Turns } from "../src/http/turns.ts";

// Goal: whatever answers, or does not, becomes a typed result; what may be repeated is repeated with
// the same body under a new capability, and nothing else is.
// Method: a server that misbehaves in one way at a time.

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

const NOTHING = new Uint8Array(0);
const LOG = new Uint8Array(32);
const ABOUT = encodeCbor({ id: "cloud-1", version: "1", time: Date.now(), log: LOG, limits: {} });
const PATIENCE = { totalMs: 400, firstWaitMs: 1, longestWaitMs: 20 };
const vault = VaultHandle.of(new Uint8Array(32).fill(7));

const caller: Caller = { signer: new Signer(drawKey("sign-seed")) };

async function cloudOf(
  handle: Handler,
  below = "",
): Promise<{ cloud: Cloud; directory: Directory; seen: Exchange[] }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.url?.endsWith("/v1/cloud")) response.end(ABOUT);
      else handle(request, response, Buffer.concat(chunks));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const seen: Exchange[] = [];
  const onExchange = (exchange: Exchange): void => void seen.push(exchange);
  const url = `http://127.0.0.1:${port}${below}`;
  const options = { onExchange, patience: PATIENCE };
  return { cloud: httpCloud(url, options), directory: httpDirectory(url, options), seen };
}

function refuse(response: ServerResponse, status: number, problem: Problem): void {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(encodeProblem(problem));
}

const chainPage = encodeCbor({ links: [], more: false });

describe("an answer", () => {
  it("is decoded, and the observer is told both sides of it", async () => {
    const { cloud, seen } = await cloudOf((_, response) => response.end(chainPage));
    expect(await cloud.chain(caller, vault, 3)).toEqual({
      ok: true,
      value: { links: [], more: false },
    });
    expect(seen.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["GET", "/v1/cloud", 200],
      ["GET", `/v1/vaults/${"07".repeat(32)}/chain?from=3`, 200],
    ]);
    expect(seen[1]?.received).toEqual(chainPage);
  });

  it.each([
    ["no CBOR", Buffer.from("<html>")],
    ["another message", encodeCbor({ vaults: [], more: false })],
    ["an unknown field", encodeCbor({ links: [], more: false, extra: 1 })],
    ["nothing", Buffer.alloc(0)],
  ])("of %s is malformed", async (_, body) => {
    const { cloud } = await cloudOf((_request, response) => response.end(body));
    const result = await cloud.chain(caller, vault, 0);
    expect(result).toEqual({ ok: false, error: { kind: "malformed-answer", what: "chain" } });
  });

  it("that never ends is cut off", async () => {
    const { cloud } = await cloudOf((_, response) => {
      const chunk = Buffer.alloc(4 << 20);
      const more = (): void => void (!response.destroyed && response.write(chunk, more));
      more();
    });
    const result = await cloud.chain(caller, vault, 0);
    expect(result).toMatchObject({ ok: false, error: { kind: "malformed-answer" } });
  });

  it("that sends elsewhere is not followed", async () => {
    const { cloud } = await cloudOf((_, response) => {
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await cloud.chain(caller, vault, 0)).toMatchObject({ error: { kind: "unreachable" } });
  });
});

describe("below a path of a site", () => {
  it.each(["/services/cloud", "/services/cloud/"])("a service is asked at %s", async (below) => {
    let asked: string | undefined;
    let authorized = "";
    const { cloud } = await cloudOf((request, response) => {
      asked = request.url;
      authorized = request.headers.authorization ?? "";
      response.end(chainPage);
    }, below);
    expect((await cloud.chain(caller, vault, 0)).ok).toBe(true);
    expect(asked).toBe(`/services/cloud/v1/vaults/${"07".repeat(32)}/chain?from=0`);
    // The site takes its own part off; what the service checks is the path that it knows.
    const signed = Uint8Array.from(Buffer.from(authorized.slice("Salus ".length), "base64url"));
    const path = asked?.slice("/services/cloud".length) ?? "";
    const facts = { audience: "cloud-1", method: "GET", body: digest(NOTHING), now: Date.now() };
    expect(checkCapability(signed, { ...facts, path }).ok).toBe(true);
    expect(checkCapability(signed, { ...facts, path: asked ?? "" }).ok).toBe(false);
  });
});

describe("a refusal", () => {
  it("keeps its kind and fields", async () => {
    const { cloud } = await cloudOf((_, response) =>
      refuse(response, 404, { kind: "no-such-vault" }),
    );
    expect(await cloud.chain(caller, vault, 0)).toMatchObject({
      error: { kind: "refused", status: 404, problem: "no-such-vault" },
    });
  });

  it("of a route that nobody knows there names the service that is missing", async () => {
    const { cloud, directory } = await cloudOf((_, response) =>
      refuse(response, 404, { kind: "no-such-route" }),
    );
    const missing = { error: { kind: "another-service", wanted: "directory" } };
    expect(await directory.about()).toMatchObject(missing);
    expect(await directory.account(caller)).toMatchObject(missing);
    // An older cloud is a cloud.
    const older = { error: { kind: "refused", problem: "no-such-route" } };
    expect(await cloud.providers(undefined)).toMatchObject(older);
  });

  it("whose status does not fit its kind is not believed", async () => {
    const { cloud } = await cloudOf((_, response) => refuse(response, 404, { kind: "too-large" }));
    expect(await cloud.chain(caller, vault, 0)).toMatchObject({
      error: { kind: "malformed-answer" },
    });
  });

  it("is not repeated when it is final", async () => {
    let asked = 0;
    const { cloud } = await cloudOf((_, response) => {
      asked += 1;
      refuse(response, 403, { kind: "not-live" });
    });
    await cloud.upload(caller, vault, encodeCbor({}));
    expect(asked).toBe(1);
  });
});

describe("patience", () => {
  it("repeats an upload with the same bytes and a new capability until it is taken", async () => {
    const bodies: string[] = [];
    const capabilities = new Set<string>();
    const receipt = { batch: new Uint8Array(16), number: 1, hash: new Uint8Array(32) };
    const { cloud } = await cloudOf((request, response, body) => {
      bodies.push(body.toString("hex"));
      capabilities.add(request.headers.authorization ?? "");
      if (bodies.length === 1) request.socket.destroy();
      else if (bodies.length === 2) refuse(response, 503, { kind: "unavailable" });
      else response.end(encodeCbor({ ...receipt, records: 1, entries: 2, replayed: true }));
    });
    const body = encodeCbor({ some: "thing" });
    expect(await cloud.upload(caller, vault, body)).toMatchObject({ value: { replayed: true } });
    expect(bodies).toEqual(Array.from({ length: 3 }, () => Buffer.from(body).toString("hex")));
    expect(capabilities.size).toBe(3);
  });

  it("finds out that another cloud has taken its place", async () => {
    let asked = 0;
    const { cloud, seen } = await cloudOf((_, response) => {
      asked += 1;
      if (asked === 1) refuse(response, 401, { kind: "capability-mismatch" });
      else response.end(chainPage);
    });
    expect((await cloud.chain(caller, vault, 0)).ok).toBe(true);
    expect(seen.filter(({ path }) => path === "/v1/cloud")).toHaveLength(2);
  });

  it("ends", async () => {
    const { cloud } = await cloudOf((request) => request.socket.destroy());
    expect(await cloud.chain(caller, vault, 0)).toEqual({
      ok: false,
      error: { kind: "unreachable" },
    });
  });

  it("is not begun anew for each of the questions that follow, until one is answered", async () => {
    let isThere = false;
    const { cloud, seen } = await cloudOf((request, response) => {
      if (isThere) response.end(chainPage);
      else request.socket.destroy();
    });
    const asked = async (): Promise<number> => {
      const before = seen.length;
      await cloud.chain(caller, vault, 0);
      return seen.length - before;
    };
    expect(await asked()).toBeGreaterThan(2);
    expect(await asked()).toBe(1);
    isThere = true;
    expect(await asked()).toBe(1);
    isThere = false;
    expect(await asked()).toBeGreaterThan(2);
  });
});

describe("base64url", () => {
  it("is what the platform writes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(base64Url(Uint8Array.from(bytes))).toBe(Buffer.from(bytes).toString("base64url"));
      }),
    );
  });
});

describe("turns", () => {
  it("run so many at a time, in the order in which they came, whatever fails", async () => {
    const turns = new Turns(2);
    const began: number[] = [];
    let running = 0;
    let most = 0;
    const task = async (name: number): Promise<void> => {
      began.push(name);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
      if (name === 2) throw new Error("planned");
    };
    const all = [0, 1, 2, 3, 4].map((name) => turns.take(() => task(name)));
    expect((await Promise.allSettled(all)).map(({ status }) => status === "fulfilled")).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(began).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });
});
