import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { startTestCloud } from "../../apps/cloud/test/harness.ts";
import { trustOf } from "../../apps/directory/src/trust.ts";
import { startTestDirectory } from "../../apps/directory/test/harness.ts";
import { startSite } from "../../apps/site/src/site.ts";
import { launch } from "../browser/chromium.ts";
import { BUILD } from "../running/program.ts";

/** The web application over a cloud and a directory in this process, in Debian's Chromium. */
export interface SmallWeb {
  readonly url: string;
  readonly browser: Browser;
  /** What the directory takes for the time, in milliseconds ahead of the real one. */
  readonly clock: { ahead: number };
  /** What the policy of the pages forbade, and they tried; and where else they asked. */
  readonly breaches: readonly string[];
  /**
   * A browser of somebody, who has been nowhere yet. It does not keep the application unless `options`
   * let it: to keep it takes as long as to sign in.
   */
  newBrowser(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Make the services answer no more, as a network that is gone. */
  cutOff(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a screen may take when other tests have the processors. */
export const PATIENCE_MS = 60_000;
/** As it was built for this run of tests. */
const FILES = join(BUILD, "web");

/**
 * Start all of the application, with nobody and nothing in it.
 *
 * Takes:   `authorities`, whom the application and the directory believe about providers, in
 *          hexadecimal.
 */
export async function startSmallWeb(authorities: readonly string[] = []): Promise<SmallWeb> {
  const port = await freePort();
  // A passkey is of a name, and an address has none.
  const url = `http://localhost:${port}`;
  const [cloud, directory] = await Promise.all([
    startTestCloud(),
    startTestDirectory(undefined, {
      web: { origins: [url], rpId: "localhost" },
      trust: trustOf({ AUTHORITIES: authorities.join(",") }),
    }),
  ]);
  const breaches: string[] = [];
  const site = await startSite({
    ...{ cloud: new URL(cloud.url), directory: new URL(directory.url), files: FILES },
    ...{ host: "127.0.0.1", port, origins: [url], certificate: undefined, demo: undefined },
    ...{ authorities, authoritiesNeeded: 1 },
    log: { write: () => undefined },
  });
  const browser = await launch();
  let isThere = true;
  const cutOff = async (): Promise<void> => {
    if (isThere) await site.close();
    isThere = false;
  };
  return {
    ...{ url, browser, breaches, cutOff, clock: directory.clock },
    newBrowser: async (options) => {
      const quiet = { reducedMotion: "reduce", serviceWorkers: "block" } as const;
      const context = await browser.newContext({ ...quiet, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      context.on("console", (message) => {
        if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) {
          breaches.push(message.text());
        }
      });
      context.on("request", (request) => {
        if (!request.url().startsWith(url)) breaches.push(request.url());
      });
      return context;
    },
    stop: async () => {
      await browser.close();
      await cutOff();
      await Promise.all([cloud.stop(), directory.stop()]);
    },
  };
}

/** Give a browser an authenticator that verifies its owner, with `prf`. */
export async function plugIn(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasPrf: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
      automaticPresenceSimulation: true,
    },
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
