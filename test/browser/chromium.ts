import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's browser, quiet: it asks nobody for anything. */
const EXECUTABLE = "/usr/bin/chromium";
const OMITTED = [
  // The box that opens below the address bar is a page of its own, and so is that for answers of a model:
  // both are loaded for each window, and cost it three times as much as an empty page of a test.
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
  // A process is kept ready for the page after this one, which no test goes to.
  "SpareRendererForSitePerProcess",
  // What Playwright leaves out too: the browser obeys only the last list that it is given.
  ...["AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"],
  ...["HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"],
  ...["ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"],
  ...["NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"],
];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${OMITTED.join(",")}`,
];

/** The policy that the web app will have: no evaluated code, nothing from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";
/** OPAQUE and Argon2id are WebAssembly, which its own bytes are compiled from. */
const WITH_WASM = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'");

/** A page in Chromium on loopback, and the way to be rid of it. */
export interface Loopback {
  readonly page: Page;
  close(): Promise<void>;
}

/** Start Chromium, with no window. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

/**
 * Bundle a worker as a browser gets it, and open an empty page beside it.
 *
 * Takes:   `service`, the address of one that is reached below `/v1/` of the page's own origin; `wasm`,
 *          whether the policy lets code be made of WebAssembly.
 */
export async function openPage(
  worker: string,
  service?: string,
  wasm: boolean = service !== undefined,
): Promise<Loopback> {
  const code = await bundle(worker);
  const server = createServer((request, response) => {
    if (service !== undefined && request.url?.startsWith("/v1/")) {
      passOn(request, response, service);
      return;
    }
    const script = request.url === "/worker.js";
    response.writeHead(200, {
      "content-type": script ? "text/javascript" : "text/html",
      "content-security-policy": wasm ? WITH_WASM : POLICY,
    });
    response.end(script ? code : "<!doctype html><title>formats</title>");
  });
  const address = await listen(server);
  const browser = await launch();
  // A context of its own, so that a test can open further tabs of the same browser.
  const page = await (await browser.newContext()).newPage();
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

function passOn(request: IncomingMessage, response: ServerResponse, service: string): void {
  const { method, headers, url = "/" } = request;
  const asked = ask(new URL(url, service), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on("error", () => response.destroy());
  request.pipe(asked);
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
