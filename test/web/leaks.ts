import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { sweepBytes } from "../canary/scan.ts";
import { patternsFor, placesOf, plant, sweepBrowser, uproot } from "./browser-sweep.ts";

const CONTROL = "qxheron-control-in-a-browser";

/** No secret is kept in any place; and the search finds what was put into each of them. */
export async function keepsNothingOf(page: Page, secrets: readonly string[]): Promise<void> {
  const patterns = patternsFor([...secrets, CONTROL]);
  const before = await sweepBrowser(page, patterns);
  expect(before.hits).toEqual([]);
  // The application and its sealed home are there: it was not an empty browser that was searched.
  expect(before.bytes).toBeGreaterThan(100_000);
  const planted = await plant(page, CONTROL);
  const { hits } = await sweepBrowser(page, patterns);
  expect(placesOf(hits)).toEqual(planted.toSorted());
  await uproot(page);
}

/** No secret is in what a browser has sent; what was sent is what was looked through. */
export function sentNothingOf(sent: Buffer, secrets: readonly string[]): void {
  const known = "/v1/vaults/";
  const { hits } = sweepBytes(sent, "sent", patternsFor([...secrets, known]));
  expect([...new Set(hits.map(({ secret }) => secret))]).toEqual([known]);
}

/** A page of another origin can neither frame an address nor hold on to a window that it opens there. */
export async function opensNoWindow(browser: Browser, address: string): Promise<void> {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<iframe src="${address}"></iframe><button>open</button>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}`);
  const inside = await Promise.all(page.frames().map((frame) => frame.$("#salus")));
  expect(inside).toEqual([null, null]);
  const popup = page.waitForEvent("popup");
  await page.evaluate((to) => {
    (globalThis as { opened?: Window | null }).opened = open(to);
  }, address);
  const opened = await popup;
  await opened.locator("#salus h1").waitFor();
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  const holds = (): Promise<boolean | undefined> =>
    page.evaluate(() => (globalThis as { opened?: Window | null }).opened?.closed);
  await expect.poll(holds, { timeout: 20_000 }).toBe(true);
  await page.context().close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
