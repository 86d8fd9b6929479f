import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

// What is wrong with a page, whatever it shows: to a screen reader, in its layout, in what moves.

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };

export const SIZES = { phone: PHONE, desktop: DESKTOP } as const;
export const SCHEMES = ["light", "dark"] as const;

/** On what somebody looks at a page, and in which colours. */
export interface Look {
  readonly size: keyof typeof SIZES;
  readonly colorScheme: (typeof SCHEMES)[number];
}

/** Look at what is open on another device. */
export async function lookAt(page: Page, { size, colorScheme }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize(SIZES[size]);
}

/**
 * All that is wrong: its layout in every size, the rest as it is looked at. Whoever looks on has to take
 * the device of her look again: what is drawn once more takes as long as what is looked for.
 */
export async function faultsOf(page: Page, look: Look): Promise<readonly string[]> {
  // What judges is larger than the page, and stays where it has come once.
  const isThere = await page.evaluate(() => "axe" in globalThis);
  const { violations } = await new AxeBuilder({ page, ...(isThere && { axeSource: "void axe" }) })
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .setLegacyMode() // There are no frames, for which each page would be gone through in a second one.
    .analyze();
  const seen = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
  const moving = await page.evaluate(motions);
  const laidOut: string[] = [];
  // First as it is.
  for (const viewport of look.size === "phone" ? [PHONE, DESKTOP] : [DESKTOP, PHONE]) {
    await page.setViewportSize(viewport);
    const faults = await page.evaluate(layoutFaults, viewport.width);
    laidOut.push(...faults.map((fault) => `${viewport.width} wide: ${fault}`));
  }
  laidOut.push(...(await zoomedFaults(page)));
  return [...seen, ...moving, ...laidOut];
}

/** At 200 % on a desktop, as a browser does it: half the width, of which each point is two. */
async function zoomedFaults(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const [width, height] = [DESKTOP.width / 2, DESKTOP.height / 2];
  const half = { width, height, deviceScaleFactor: 2, mobile: false };
  await session.send("Emulation.setDeviceMetricsOverride", half);
  const faults = await page.evaluate(layoutFaults, width);
  await session.send("Emulation.clearDeviceMetricsOverride");
  await session.detach();
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
async function layoutFaults(width: number): Promise<string[]> {
  // What listens to the size of the screen has heard of it before the second frame.
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  if (innerWidth !== width) return [`the page is ${innerWidth} wide, and was not resized`];
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
