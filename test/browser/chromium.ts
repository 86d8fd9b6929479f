import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's browser, quiet: it asks nobody for anything. */
const EXECUTABLE = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The policy that the web app will have: no evaluated code, nothing from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";

/** A page in Chromium on loopback, and the way to be rid of it. */
export interface Loopback {
  readonly page: Page;
  close(): Promise<void>;
}

/** Start Chromium, with no window. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

/** Bundle a worker as a browser gets it, and open an empty page beside it. */
export async function openPage(worker: string): Promise<Loopback> {
  const code = await bundle(worker);
  const server = createServer((request, response) => {
    const script = request.url === "/worker.js";
    response.writeHead(200, {
      "content-type": script ? "text/javascript" : "text/html",
      "content-security-policy": POLICY,
    });
    response.end(script ? code : "<!doctype html><title>formats</title>");
  });
  const address = await listen(server);
  const browser = await launch();
  const page = await browser.newPage();
  await page.goto(address);
  return { page, close: () => closeAll(browser, server) };
}

/** The platform is a browser's, so that "#engine" is the portable one. */
async function bundle(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2023",
    logLevel: "error",
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error("nothing was bundled");
  return file.text;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve(`http://127.0.0.1:${port}/`);
    });
  });
}

async function closeAll(browser: Browser, server: Server): Promise<void> {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
