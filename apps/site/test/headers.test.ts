import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, ask, startPeer, startTestSite, type TestSite } from "./harness.ts";

// Goal: every answer, whatever it is, keeps a browser from doing with it what it is not for.
// Method: one of each kind, its headers compared with what they must be.

let site: TestSite;
let stop: () => Promise<void>;
beforeAll(async () => {
  const peer = await startPeer((_, response) => {
    response.writeHead(200, { "content-type": "application/cbor", "set-cookie": "id=1" });
    response.end("x");
  });
  stop = peer.stop;
  site = await startTestSite({ cloud: peer.url });
});
afterAll(async () => {
  await site.close();
  await stop();
});

const KINDS: readonly (readonly [what: string, ask: () => Promise<Answered>])[] = [
  ["the page", () => ask(site.url, "/")],
  ["a script", () => ask(site.url, "/files/page-ABCDEFGH.js")],
  ["a picture", () => ask(site.url, "/icon.svg")],
  ["what has not changed", notChanged],
  ["what is not there", () => ask(site.url, "/gone.js")],
  ["an answer of a service", () => ask(site.url, "/v1/cloud")],
  ["a service that is away", () => ask(site.url, "/directory/v1/directory")],
  ["what is said of the site", () => ask(site.url, "/site.json")],
  ["a report's", () => ask(site.url, "/csp-reports", { method: "POST" })],
  ["a foreign name's", () => ask(site.url, "/", { headers: { host: "evil.example" } })],
  ["a share that came too early", () => ask(site.url, "/import", { method: "POST", body: "x" })],
];
const FILES = ["the page", "a script", "a picture", "what has not changed"];

async function notChanged(): Promise<Answered> {
  const { headers } = await ask(site.url, "/icon.svg");
  return ask(site.url, "/icon.svg", { headers: { "if-none-match": headers.etag ?? "" } });
}

function policyOf({ headers }: Answered): Readonly<Record<string, string>> {
  const directives = String(headers["content-security-policy"]).split("; ");
  return Object.fromEntries(
    directives.map((text) => {
      const [name = "", ...rest] = text.split(" ");
      return [name, rest.join(" ")];
    }),
  );
}

describe.each(KINDS)("%s", (what, get) => {
  it("is for this site alone, and for nothing that it is not", async () => {
    const answered = await get();
    expect(answered.headers).toMatchObject({
      "cross-origin-embedder-policy": "require-corp",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    const permissions = String(answered.headers["permissions-policy"]).split(", ");
    expect(permissions.filter((text) => !text.endsWith("=()"))).toEqual([
      "camera=(self)",
      "publickey-credentials-create=(self)",
      "publickey-credentials-get=(self)",
    ]);
    expect(permissions).toEqual(expect.arrayContaining(["geolocation=()", "microphone=()"]));
    const { "set-cookie": cookie, server, "x-powered-by": by } = answered.headers;
    expect([cookie, server, by]).toEqual([undefined, undefined, undefined]);
    const policy = policyOf(answered);
    expect(policy).toMatchObject({ "default-src": "'none'", "frame-ancestors": "'none'" });
    if (!FILES.includes(what)) {
      expect(policy["script-src"]).toBeUndefined();
      expect(answered.headers["cache-control"]).toBe("no-store");
    }
  });
});

describe("the policy of the page", () => {
  it("lets nothing in but the site's own, and no text become code", async () => {
    expect(policyOf(await ask(site.url, "/"))).toEqual({
      "default-src": "'none'",
      "script-src": "'self' 'wasm-unsafe-eval'",
      "style-src": "'self'",
      "img-src": "'self' blob: data:",
      "font-src": "'self'",
      "connect-src": "'self'",
      "worker-src": "'self'",
      "manifest-src": "'self'",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
      "form-action": "'none'",
      "require-trusted-types-for": "'script'",
      "trusted-types": "default",
      "report-uri": "/csp-reports",
      "report-to": "csp",
    });
  });
});

describe("TLS", () => {
  it("is insisted on under the name that it is for, and nowhere else", async () => {
    const behind = await startTestSite({ origins: ["https://salus.example"] });
    const strict = async (host: string): Promise<unknown> =>
      (await ask(behind.url, "/", { headers: { host } })).headers["strict-transport-security"];
    expect(await strict("salus.example")).toBe("max-age=63072000; includeSubDomains; preload");
    expect([await strict("localhost"), await strict("127.0.0.1")]).toEqual([undefined, undefined]);
    await behind.close();
  });
});
