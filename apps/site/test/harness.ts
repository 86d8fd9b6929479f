import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type RunningSite, type SiteOptions, startSite } from "../src/site.ts";

/** What a service was asked, as it came. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Something that listens where a service would. */
export interface Peer {
  readonly url: URL;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

/** Listen, and answer as told once a request has come whole. */
export async function startPeer(
  answer: (asked: Asked, response: http.ServerResponse) => void,
): Promise<Peer> {
  const asked: Asked[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks) };
      asked.push(one);
      answer(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const LONG = `export const text = "${"many words ".repeat(200)}";`;

/** A build of an application of a few files. */
export const APPLICATION: Readonly<
  Record<string, { readonly type: string; readonly text: string }>
> = {
  "index.html": { type: "text/html; charset=utf-8", text: "<!doctype html><title>Salus</title>" },
  "files/page-ABCDEFGH.js": { type: "text/javascript; charset=utf-8", text: LONG },
  "service-worker.js": { type: "text/javascript; charset=utf-8", text: "self.skip = 1;" },
  "icon.svg": { type: "image/svg+xml", text: "<svg/>" },
};

/** Write a build as `tools/build-web.mjs` does. */
export async function writeBuild(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "salus-site-"));
  const files = [];
  for (const [path, { type, text }] of Object.entries(APPLICATION)) {
    const bytes = Buffer.from(text);
    const full = join(folder, "app", path);
    const copies = { br: brotliCompressSync(bytes), gz: gzipSync(bytes) };
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, bytes);
    for (const [ending, copy] of Object.entries(copies)) await writeFile(`${full}.${ending}`, copy);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const sizes = { bytes: bytes.length, br: copies.br.length, gz: copies.gz.length };
    files.push({ path, type, sha256, ...sizes });
  }
  await writeFile(join(folder, "files.json"), JSON.stringify({ version: "1.2.3", files }));
  await writeFile(join(folder, "secret.txt"), "beside the application");
  return folder;
}

/** A site of that application, and everything that it logged. */
export interface TestSite extends RunningSite {
  readonly log: readonly string[];
  readonly folder: string;
}

export async function startTestSite(options: Partial<SiteOptions> = {}): Promise<TestSite> {
  const folder = await writeBuild();
  const log: string[] = [];
  const nobody = new URL("http://127.0.0.1:9");
  const running = await startSite({
    ...{ cloud: nobody, directory: nobody, files: folder, host: "127.0.0.1", port: 0 },
    ...{ origins: [], certificate: undefined, demo: undefined },
    ...{ authorities: [], authoritiesNeeded: 1 },
    log: { write: (line) => log.push(line) },
    ...options,
  });
  return {
    url: running.url,
    log,
    folder,
    close: async () => {
      await running.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** What came back, as it came. */
export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Question {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** Ask with exactly this path and these headers: `fetch` would tidy both up first. */
export function ask(site: string, path: string, question: Question = {}): Promise<Answered> {
  const { method = "GET", headers = {}, body } = question;
  const { hostname, port } = new URL(site);
  return new Promise((resolve, reject) => {
    const asked = http.request({ hostname, port, path, method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    asked.on("error", reject);
    asked.end(body);
  });
}
