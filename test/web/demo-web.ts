import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launch } from "../browser/chromium.ts";
import { BUILD } from "../running/program.ts";
import { orShown } from "./or-shown.ts";

/** A demo as `npm start` brings it up, with its people in it, and a browser. */
export interface DemoWeb {
  readonly url: string;
  readonly browser: Browser;
  /** What the policy of the pages forbade, faults in the console, and requests to other origins. */
  readonly breaches: readonly string[];
  /**
   * Be somebody of the demo, in a browser of her own, which does not keep the application unless
   * `options` let it: to keep it takes as long as to come in.
   */
  be(role: Role, options?: BrowserContextOptions): Promise<Page>;
  stop(): Promise<void>;
}

export type Role = "patient" | "practitioner" | "administrator";

/** Where each role goes that has no name in it. */
export const PLACES: Readonly<Record<Role | "nobody", readonly string[]>> = {
  nobody: ["/", "/sign-up", "/recover", "/demo"],
  patient: [
    "/",
    "/record",
    "/record/laboratory",
    "/timeline",
    "/search",
    "/requests",
    "/measure",
    "/sharing",
    "/log",
    "/sources",
    "/proxies",
    "/import",
    "/export",
    "/export/summary",
    "/security",
    "/settings",
    "/nowhere",
  ],
  practitioner: ["/", "/patients", "/find", "/questions", "/security"],
  administrator: [
    "/",
    "/organisation",
    "/staff",
    "/uploads",
    "/associations",
    "/audit",
    "/security",
  ],
};

/** How long a screen may take when other tests have the processors. */
const PATIENCE_MS = 60_000;

/** Start a demo. Takes: `patients`, of which the first has an account; further arguments. */
export async function startDemoWeb(...args: readonly string[]): Promise<DemoWeb> {
  const data = await mkdtemp(join(tmpdir(), "salus-demo-web-"));
  const child = spawn(process.execPath, [join(BUILD, "salus.mjs"), "demo", "--no-tour", ...args], {
    env: { ...process.env, PORT: "0", DIRECTORY_PORT: "0", DATA_DIR: data },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await readyUrl(child);
  const browser = await launch();
  const breaches: string[] = [];
  return {
    ...{ url, browser, breaches },
    be: async (role, options) => {
      const context = await browser.newContext({ ...QUIET, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      watch(context, url, breaches);
      const page = await context.newPage();
      await page.goto(`${url}/demo`);
      const card = page.getByRole("region").filter({ hasText: ROLE_WORDS[role] }).first();
      await card.getByRole("button").click();
      await orShown(page, page.locator("[data-signed-in]").waitFor());
      return page;
    },
    stop: async () => {
      await browser.close();
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      await rm(data, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** What is drawn while somebody waits is drawn in vain. */
const QUIET = { reducedMotion: "reduce", serviceWorkers: "block" } as const;

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  patient: "Her record from several hospitals",
  practitioner: "Finds patients",
  administrator: "Keeps the hospital's staff",
};

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("bug: standard output is a pipe");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /^ready (\S+)$/.exec(line) ?? [];
    // A passkey is of a name, and an address has none.
    if (url !== undefined) return url.replace("127.0.0.1", "localhost");
  }
  throw new Error("the demo ended before it was ready");
}

function watch(context: BrowserContext, url: string, breaches: string[]): void {
  context.on("console", (message) => {
    const fault = message.type() === "error" || /Content Security|Trusted/.test(message.text());
    if (fault) breaches.push(message.text());
  });
  context.on("weberror", (error) => breaches.push(String(error.error())));
  context.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !/^(?:blob|data):/.test(to)) breaches.push(to);
  });
}

/** Go to a place of the application as one of its own links does: what is open stays open. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
  await settled(page);
}

/** Wait until nothing is being fetched for the screen any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  // Screens are fetched late: what they ask for begins a moment after their heading is there.
  await page.waitForTimeout(300);
  await page.waitForFunction(() => document.querySelector(".salus-waiting") === null);
}
