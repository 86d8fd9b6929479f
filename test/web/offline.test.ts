import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningSite, startSite } from "../../apps/site/src/site.ts";
import { launch } from "../browser/chromium.ts";
import { BUILD } from "../running/program.ts";

// Goal: the application starts without the network, keeps nothing in the browser but its own files, goes back to no older
// version, takes shared documents without sending them, and does nothing that its policy forbids.
// Method: the application as it was built last, its site alone, and Chromium.

const FILES = join(BUILD, "web");
const NOBODY = new URL("http://127.0.0.1:9");

let site: RunningSite;
let url: string;
let browser: Browser;
let page: Page;
const log: string[] = [];
const breaches: string[] = [];

async function serve(port: number): Promise<RunningSite> {
  return startSite({
    ...{ cloud: NOBODY, directory: NOBODY, files: FILES, host: "127.0.0.1", port },
    ...{ origins: [], certificate: undefined, demo: undefined },
    ...{ authorities: [], authoritiesNeeded: 1 },
    log: { write: (line) => log.push(line) },
  });
}

beforeAll(async () => {
  site = await serve(0);
  url = `http://localhost:${new URL(site.url).port}`;
  browser = await launch();
  page = await (await browser.newContext()).newPage();
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) breaches.push(message.text());
  });
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** What stands on the page once the application has drawn it. */
async function drawn(): Promise<string> {
  await page.waitForFunction(() => (document.getElementById("salus")?.innerText ?? "") !== "");
  return page.innerText("#salus");
}

/** Everything that the browser keeps of answers, by its address. */
async function cached(): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const caches = await Promise.all(
      (await self.caches.keys()).map(async (name) => {
        const cache = await self.caches.open(name);
        return (await cache.keys()).map(({ url }) => new URL(url).pathname);
      }),
    );
    return caches.flat();
  });
}

describe("the page", () => {
  it("is led to the name that passkeys can belong to", async () => {
    await page.goto(`${site.url}/sign-in?next=/requests`);
    expect(page.url()).toBe(`${url}/sign-in?next=/requests`);
  });

  it("draws itself within its policy", async () => {
    expect((await drawn()).length).toBeGreaterThan(10);
    expect(breaches).toEqual([]);
    expect((await (await fetch(`${site.url}/csp-reports`)).json()) as object).toEqual({ count: 0 });
  });

  it("says so when the code of a screen does not come, and fetches it when it is asked again", async () => {
    const context = await browser.newContext({ serviceWorkers: "block" });
    const lost = /sign-up-screen/;
    await context.route(lost, (route) => route.abort());
    const tab = await context.newPage();
    await tab.goto(`${url}/sign-up`);
    await tab.getByText("The service did not answer.").waitFor();
    await context.unroute(lost);
    await tab.getByRole("button", { name: "Try again" }).click();
    await tab.getByLabel("What you are called").waitFor();
    await context.close();
  });

  it("is shown in no frame of another site", async () => {
    const other = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<iframe src="${url}/requests"></iframe>`);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const tab = await browser.newPage();
    await tab.goto(`http://127.0.0.1:${port}`);
    const inside = await Promise.all(tab.frames().map((frame) => frame.$("#salus")));
    expect(inside).toEqual([null, null]);
    await tab.close();
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });
});

describe("the service worker", () => {
  it("keeps the files of the build and nothing else", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.evaluate(async () => {
      for (const path of ["/v1/cloud", "/directory/v1/directory", "/site.json"]) await fetch(path);
    });
    const { files } = (await import(join(FILES, "files.json"), { with: { type: "json" } })).default;
    const built = files.map(({ path }: { path: string }) => `/${path}`);
    const kept = await cached();
    expect(kept).toEqual(expect.arrayContaining(["/index.html", "/floor"]));
    expect(kept.filter((path) => path !== "/floor" && !built.includes(path))).toEqual([]);
  });

  it("takes what another program shares, keeps it from the site, and gives it once", async () => {
    // As the system hands it over: a page is loaded by a form that was made elsewhere.
    const other = createServer((_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<form method="post" enctype="multipart/form-data" action="${url}/import">
        <input type="file" name="documents"><button>Share</button></form>`);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const tab = await page.context().newPage();
    await tab.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    const buffer = Buffer.from("haemoglobin 7.1");
    const report = { name: "report.json", mimeType: "application/json", buffer };
    await tab.locator("input").setInputFiles(report);
    await tab.locator("button").click();
    await tab.waitForURL(`${url}/import?shared`);
    const [first, second] = await tab.evaluate(async () => {
      const given = async (): Promise<readonly string[]> => {
        const { port1, port2 } = new MessageChannel();
        const answer = new Promise<readonly File[]>((resolve) => {
          port1.onmessage = ({ data }) => resolve(data);
        });
        navigator.serviceWorker.controller?.postMessage({ kind: "documents" }, [port2]);
        return Promise.all((await answer).map((file) => file.text()));
      };
      return [await given(), await given()] as const;
    });
    expect([first, second]).toEqual([["haemoglobin 7.1"], []]);
    expect(log.filter((line) => line.includes('"POST"') && line.includes("import"))).toEqual([]);
    expect(await cached()).not.toContain("/import");
    await tab.close();
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });

  it("starts the application when nobody answers, and answers for no service", async () => {
    const { port } = new URL(site.url);
    await site.close();
    await page.goto(`${url}/requests/4f0c`);
    expect((await drawn()).length).toBeGreaterThan(10);
    const answered = await page.evaluate(async () =>
      Promise.all(
        ["/v1/cloud", "/site.json", "/demo.json"].map((path) =>
          fetch(path).then(
            ({ status }) => status,
            () => "nobody",
          ),
        ),
      ),
    );
    expect(answered).toEqual(["nobody", "nobody", "nobody"]);
    site = await serve(Number(port));
  });

  it("of an older version than has run here is refused", async () => {
    expect(await installsOver("99.0.0")).toBe(false);
    expect(await installsOver("0.0.1")).toBe(true);
  });
});

/** Whether a browser in which a version has run takes the worker of this build as its first one. */
async function installsOver(version: string): Promise<boolean> {
  await page.goto(url);
  await page.evaluate(async (text) => {
    const floor = await caches.open("salus-floor");
    await floor.put("/floor", new Response(text));
    await (await navigator.serviceWorker.getRegistration())?.unregister();
  }, version);
  // A worker is gone when no page that it serves is left.
  await page.goto("about:blank");
  await page.goto(url);
  return page.evaluate(async () => {
    const options = { updateViaCache: "none" } as const;
    const made = await navigator.serviceWorker.register("/service-worker.js", options);
    const worker = made.installing ?? made.waiting ?? made.active;
    while (worker?.state === "installing") {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return worker !== null && worker.state !== "redundant";
  });
}
