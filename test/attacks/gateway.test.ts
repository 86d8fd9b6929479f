import { once } from "node:events";
import { request as ask } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { hostname } from "node:os";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallGateway, startSmallGateway } from "../../apps/gateway/test/small-gateway.ts";

// Goal: nobody gets a gateway to do what she may not, to ask elsewhere, to fall, or to keep half of something.
// Method: a gateway over a real cloud, on the loopback address without a token, as it is started for a trial; what
// pages, programs and raw connections send it; and afterwards a look at what stands there.

let gateway: SmallGateway;

beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.stop());

const patient = (id: string, more: object = {}): object => ({
  resourceType: "Patient",
  id,
  name: [{ family: "Lovelace" }],
  ...more,
});

/** With headers that `fetch` does not let a program set. */
async function statusOf(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<number | undefined> {
  const sent = ask(`${gateway.base}${path}`, { method, headers });
  sent.end(body);
  const [answer] = await once(sent, "response");
  answer.resume();
  return answer.statusCode;
}

const ANY = { host: "0.0.0.0:8090" };
const OURS = { host: `${hostname().split(".")[0]?.toLowerCase()}.local:8090` };

describe("I-08: a page in a browser of the same machine", () => {
  const json = { "content-type": "application/fhir+json" };

  it.each([
    ["reads by a name of its own", "GET", "/Patient", { host: "rebound.example" }],
    ["reads by an address to which browsers do not say whose page asks", "GET", "/Patient", ANY],
    ["reads by this machine's name, which a neighbour has answered for", "GET", "/Patient", OURS],
    ["reads from its origin", "GET", "/Patient", { origin: "https://evil.example" }],
    ["reads by a picture", "GET", "/Patient", { "sec-fetch-site": "cross-site" }],
    [
      "writes from its origin",
      "PUT",
      "/Patient/forged",
      { ...json, origin: "https://evil.example" },
    ],
    ["writes from a frame without one", "PUT", "/Patient/forged", { ...json, origin: "null" }],
    [
      "writes by a form",
      "POST",
      "/Patient",
      { "content-type": "text/plain", "sec-fetch-site": "cross-site" },
    ],
    ["deletes", "DELETE", "/Patient/forged", { origin: "https://evil.example" }],
  ])("%s: refused", async (_, method, path, headers) => {
    const body = method === "PUT" || method === "POST" ? JSON.stringify(patient("forged")) : "";
    expect(await statusOf(method, path, headers as Record<string, string>, body)).toBe(403);
    expect((await gateway.send("GET", "/Patient/forged")).status).toBe(404);
  });
});

it("T-02: a writer that sets what the server sets gets the server's", async () => {
  const meta = { versionId: "99", lastUpdated: "1999-01-01T00:00:00Z" };
  const put = await gateway.send("PUT", "/Patient/t02", { body: patient("t02", { meta }) });
  expect(put.status).toBe(201);
  expect(put.body.meta.versionId).not.toBe("99");
  expect(put.body.meta.lastUpdated > "2020").toBe(true);
});

describe("T-04: JSON that readers understand differently", () => {
  const whole = (inner: string): string => `{"resourceType":"Patient","id":"t04",${inner}}`;

  it.each([
    ["one member twice", whole('"gender":"male","gender":"female"')],
    ["one member twice, once escaped", whole('"gender":"male","g\\u0065nder":"female"')],
    ["a prototype", whole('"__proto__":{"gender":"male"}')],
    ["a constructor", whole('"constructor":{"prototype":{"gender":"male"}}')],
    ["a number without end", whole('"multipleBirthInteger":1e999')],
    ["half of a character", whole('"name":[{"family":"\\ud800"}]')],
    ["a zero byte", whole('"name":[{"family":"a\\u0000b"}]')],
    ["something behind it", `${whole('"gender":"male"')}{}`],
  ])("%s is refused, and nothing is stored", async (_, body) => {
    const { status, body: outcome } = await gateway.send("PUT", "/Patient/t04", { body });
    expect([400, 422]).toContain(status);
    expect(outcome.resourceType).toBe("OperationOutcome");
    expect((await gateway.send("GET", "/Patient/t04")).status).toBe(404);
  });
});

describe("T-06: what is larger than it looks", () => {
  const deep = (depth: number): string =>
    `{"resourceType":"Patient","contact":${'[{"x":'.repeat(depth)}1${"}]".repeat(depth)}}`;
  const many = JSON.stringify(patient("t06", { name: Array(200_000).fill({ family: "x" }) }));
  const bomb = gzipSync(Buffer.alloc(100_000_000, " "));

  it.each<[string, string | Uint8Array, Readonly<Record<string, string>>]>([
    ["a hundred megabytes in a hundred kilobytes", bomb, { "content-encoding": "gzip" }],
    ["a hundred thousand brackets", deep(100_000), {}],
    ["sixty levels, each sound", deep(60), {}],
    ["two hundred thousand names", many, {}],
    ["more than is read at all", " ".repeat(9_000_000), {}],
  ])("%s is refused, and the gateway answers on", async (_, body, headers) => {
    const { status } = await gateway.send("PUT", "/Patient/t06", { body, headers });
    expect([400, 413, 415, 422]).toContain(status);
    expect((await gateway.send("GET", "/metadata")).status).toBe(200);
  });
});

it("T-07: addresses in what is sent are asked by nobody", async () => {
  let asked = 0;
  const elsewhere = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/x`;
  const body = patient("t07", {
    meta: { profile: [url] },
    photo: [{ contentType: "image/png", url }],
    extension: [{ url, valueUri: url }],
    managingOrganization: { reference: `${url}/Organization/1` },
  });
  expect((await gateway.send("PUT", "/Patient/t07", { body })).status).toBe(201);
  const encoded = encodeURIComponent(url);
  await gateway.send("POST", `/Patient/$validate?profile=${encoded}`, { body });
  await gateway.send("GET", `/Patient?organization=${encoded}&_include=Patient:organization`);
  await gateway.send("GET", "/Patient/t07/$everything");
  await gateway.send("GET", "/Patient/t07/$summary");
  expect(asked).toBe(0);
  // It would have noticed.
  await fetch(url).catch(() => undefined);
  expect(asked).toBe(1);
  elsewhere.close();
});

it("T-08: what a narrative says is never a page, and an address no header", async () => {
  const div = `<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>`;
  const body = patient("t08", { text: { status: "generated", div } });
  await gateway.send("PUT", "/Patient/t08", { body });
  const { headers } = await gateway.send("GET", "/Patient/t08", { headers: { accept: "*/*" } });
  expect(headers.get("content-type")).toContain("application/fhir+json");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  const split = await gateway.send("GET", "/Patient/a%0d%0aset-cookie:%20x=1");
  expect([split.status, split.headers.get("set-cookie")]).toEqual([400, null]);
});

describe("T-09: one request that two readers take for two", () => {
  const { stringify } = JSON;
  const hidden = `PUT /fhir/Patient/t09 HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/fhir+json\r\ncontent-length: 60\r\n\r\n${stringify(patient("t09"))}`;
  const post =
    "POST /fhir/Patient HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/fhir+json\r\n";

  it.each([
    [
      "a length and chunks",
      `${post}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ["two lengths", `${post}content-length: 0\r\ncontent-length: 300\r\n\r\n${hidden}`],
    ["chunks under another name", `${post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
    ["a space before the colon", `${post}content-length : 0\r\n\r\n${hidden}`],
    ["a line that ends early", `${post}x: y\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ])("%s: refused, and the hidden one is not done", async (_, text) => {
    const { port } = new URL(gateway.base);
    const socket = connect(Number(port), "127.0.0.1");
    const answers: Buffer[] = [];
    socket.on("data", (data) => answers.push(data));
    socket.end(text);
    await once(socket, "close");
    const statuses = Buffer.concat(answers)
      .toString()
      .match(/HTTP\/1\.1 (\d+)/g);
    expect(statuses).toEqual(["HTTP/1.1 400"]);
    expect((await gateway.send("GET", "/Patient/t09")).status).toBe(404);
  });
});
