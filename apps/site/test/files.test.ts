import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takes } from "../src/files/encoding.ts";
import { readListing } from "../src/files/listing.ts";
import { Shelf } from "../src/files/shelf.ts";
import { APPLICATION, ask, startTestSite, type TestSite, writeBuild } from "./harness.ts";

// Goal: the site serves what was built and nothing else, whatever is asked; each file in the smallest way that the asker
// takes; the page at every address of its own.
// Method: a build of four files, asked for in good and bad ways.

let site: TestSite;
beforeAll(async () => {
  site = await startTestSite();
});
afterAll(() => site.close());

const SCRIPT = "files/page-ABCDEFGH.js";
const text = (path: string): string => APPLICATION[path]?.text ?? "";

describe("a file", () => {
  it("comes as it was built, and is kept only where its name changes with it", async () => {
    const script = await ask(site.url, `/${SCRIPT}`);
    expect([script.status, String(script.body)]).toEqual([200, text(SCRIPT)]);
    expect(script.headers["content-type"]).toBe("text/javascript; charset=utf-8");
    expect(script.headers["cache-control"]).toBe("max-age=31536000, immutable");
    for (const path of ["/", "/service-worker.js", "/icon.svg"]) {
      expect((await ask(site.url, path)).headers["cache-control"], path).toBe("no-cache");
    }
  });

  it.each([
    ["gzip, deflate, br", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["br;q=0, gzip;q=0.5", "gzip", gunzipSync],
  ])("comes compressed to who takes %s", async (accepts, encoding, open) => {
    const { headers, body } = await ask(site.url, `/${SCRIPT}`, {
      headers: { "accept-encoding": accepts },
    });
    expect([headers["content-encoding"], headers.vary]).toEqual([encoding, "accept-encoding"]);
    expect(body.length).toBeLessThan(text(SCRIPT).length);
    expect(String(open(body))).toBe(text(SCRIPT));
  });

  it.each([undefined, "identity", "br;q=0", "gzip;q=0.0", "*"])(
    "comes as it is to who takes %s",
    (accepts) => {
      expect([takes(accepts, "br"), takes(accepts, "gzip")]).toEqual([false, false]);
    },
  );

  it("is not sent again to who has it", async () => {
    const { headers } = await ask(site.url, "/icon.svg");
    const again = await ask(site.url, "/icon.svg", {
      headers: { "if-none-match": headers.etag ?? "" },
    });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it("has a head of its own", async () => {
    const { status, headers, body } = await ask(site.url, "/icon.svg", { method: "HEAD" });
    expect([status, headers["content-length"], body.length]).toEqual([200, "6", 0]);
  });
});

describe("an address of the page", () => {
  it.each(["/", "/sign-in", "/record/vitals", "/item/4f0c?from=search", "/requests/"])(
    "%s is answered with it",
    async (path) => {
      const { status, headers, body } = await ask(site.url, path);
      expect([status, String(body)]).toEqual([200, text("index.html")]);
      expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    },
  );
});

describe("what is no file", () => {
  it.each([
    ...["/files/gone-ABCDEFGH.js", "/favicon.ico", "/files.json", "/secret.txt", "/.env"],
    ...["/app/../secret.txt", "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt"],
    ...["/files/..\\..\\secret.txt", "//secret.txt", "/files/page-ABCDEFGH.js.br"],
  ])("%s is not found", async (path) => {
    const { status, body } = await ask(site.url, path);
    expect([status, JSON.parse(String(body)).kind]).toEqual([404, "no-such-route"]);
  });

  it("is never anything but the page, a file of the build or an error", async () => {
    const known = Object.values(APPLICATION).map(({ text }) => text);
    const piece = fc.constantFrom("..", ".", "%2e", "files", "secret.txt", "", "a", "~", "\\");
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        const { status, body } = await ask(site.url, `/${pieces.join("/")}`);
        expect(status === 200 ? known.includes(String(body)) : status === 404).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])("nobody can %s it", async (method) => {
    expect((await ask(site.url, "/sign-in", { method })).status).toBe(404);
  });
});

describe("a build", () => {
  const wrong = expect.objectContaining({ kind: "no-web-application" });

  it.each([
    ["is not there", (folder: string) => rm(join(folder, "files.json"))],
    ["lists no files", (folder: string) => writeFile(join(folder, "files.json"), "{}")],
    ["lacks a file", (folder: string) => rm(join(folder, "app/icon.svg"))],
    ["lacks a copy", (folder: string) => rm(join(folder, "app/icon.svg.br"))],
    ["was changed", (folder: string) => writeFile(join(folder, "app/service-worker.js"), "evil()")],
  ])("that %s is not served", async (_, spoil) => {
    const folder = await writeBuild();
    await spoil(folder);
    await expect(Shelf.load(folder)).rejects.toEqual(wrong);
    await rm(folder, { recursive: true });
  });

  const LISTED = { path: "a.js", type: "text/javascript", bytes: 1, sha256: "0".repeat(64) };
  it.each([
    ["leads out of its folder", { ...LISTED, path: "../a.js" }],
    ["begins at the root", { ...LISTED, path: "/etc/passwd" }],
    ["hides", { ...LISTED, path: "files/.env" }],
    ["has no hash", { ...LISTED, sha256: "" }],
    ["has a type that breaks a header", { ...LISTED, type: "text/html\r\nset-cookie: a" }],
  ])("that lists a file which %s is none", (_, file) => {
    expect(readListing(JSON.stringify({ version: "1", files: [LISTED] })).ok).toBe(true);
    expect(readListing(JSON.stringify({ version: "1", files: [file] })).ok).toBe(false);
  });
});
