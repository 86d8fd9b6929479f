import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoWeb, goTo, PLACES, type Role, settled, startDemoWeb } from "./demo-web.ts";

// Goal: every page is whole: nothing that waits for ever, nothing wider than the screen, nothing that
// hides from a screen reader, nothing that the policy had to forbid.
// Method: every place of every role in the demo, on a phone in light and on a desktop in dark; there also
// at twice the size, where half as much fits. The browser is asked for little motion.

let web: DemoWeb;

beforeAll(async () => {
  web = await startDemoWeb("--patients", "3");
});

afterAll(async () => {
  await web.stop();
});

const DEVICES = [
  { name: "a phone, light", viewport: { width: 390, height: 844 }, colorScheme: "light" },
  { name: "a desktop, dark", viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
] as const;

describe.each(DEVICES)("on $name", ({ viewport, colorScheme }) => {
  it.each(["patient", "practitioner", "administrator"] as const)(
    "every page of a %s is whole",
    async (role: Role) => {
      const page = await web.be(role, { viewport, colorScheme, reducedMotion: "reduce" });
      const found: Record<string, readonly string[]> = {};
      for (const place of PLACES[role]) {
        await goTo(page, place);
        found[place] = await faultsOf(page);
      }
      await page.context().close();
      expect(found).toEqual(Object.fromEntries(PLACES[role].map((place) => [place, []])));
    },
  );

  it("every page before signing in is whole", async () => {
    const context = await web.browser.newContext({
      viewport,
      colorScheme,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const found: Record<string, readonly string[]> = {};
    for (const place of PLACES.nobody) {
      await page.goto(web.url + place);
      await settled(page);
      found[place] = await faultsOf(page);
    }
    await context.close();
    expect(found).toEqual(Object.fromEntries(PLACES.nobody.map((place) => [place, []])));
  });
});

it("nothing was forbidden by the policy, and nobody else was asked", () => {
  expect(web.breaches).toEqual([]);
});

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .setLegacyMode() // There are no frames, for which each page would be gone through in a second one.
    .analyze();
  const seen = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
  const laidOut = await page.evaluate(layoutFaults);
  return [...seen, ...laidOut, ...(await page.evaluate(motions)), ...(await zoomedFaults(page))];
}

/** At 200 %, as a browser does it: half the width, of which each point is two. */
async function zoomedFaults(page: Page): Promise<readonly string[]> {
  const { width = 0, height = 0 } = page.viewportSize() ?? {};
  if (width < 1000) return [];
  const session = await page.context().newCDPSession(page);
  const half = { width: width / 2, height: height / 2, deviceScaleFactor: 2, mobile: false };
  await session.send("Emulation.setDeviceMetricsOverride", half);
  const [inside, faults] = [
    await page.evaluate(() => innerWidth),
    await page.evaluate(layoutFaults),
  ];
  if (inside !== half.width) throw new Error(`the page is ${inside} wide, and not zoomed`);
  await session.send("Emulation.clearDeviceMetricsOverride");
  await session.detach();
  await page.setViewportSize({ width, height });
  return faults.map((fault) => `at 200 %: ${fault}`);
}

/** Runs in the page: what moves although less motion was asked for. */
function motions(): string[] {
  const seconds = (text: string): number => Math.max(...text.split(",").map(Number.parseFloat));
  const moving = [...document.querySelectorAll<HTMLElement>("body *")].filter((element) => {
    const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
    const animated = animationName === "none" ? 0 : seconds(animationDuration);
    return Math.max(animated, seconds(transitionDuration)) > 0.001;
  });
  return [...new Set(moving.map(({ className }) => `moves: ${className}`))];
}

/** Runs in the page: what is wider than the screen, and text that its box cuts off. */
function layoutFaults(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide on ${clientWidth}`);
  for (const element of document.querySelectorAll<HTMLElement>("main *")) {
    const { overflowX } = getComputedStyle(element);
    const cuts = overflowX === "hidden" || overflowX === "clip";
    const isHiddenOnPurpose = element.clientWidth <= 1 || element.closest(".salus-unseen") !== null;
    if (cuts && !isHiddenOnPurpose && element.scrollWidth > element.clientWidth + 1) {
      faults.push(`cut off: ${element.className} ${element.textContent?.slice(0, 40)}`);
    }
  }
  return faults;
}
