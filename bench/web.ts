import { toHex } from "@salus/base";
import { httpCloud, httpDirectory, openVault } from "@salus/client";
import { CATEGORIES } from "@salus/health";
import { must, newSource, ProviderTree, somebody, vaultOf } from "@salus/testkit";
import type { BrowserContext, Page } from "playwright-core";
import { Authenticator, PASSWORD, signUp } from "../test/accounts/person.ts";
import { isIn, lock, press, signIn, type, unlock } from "../test/web/account-steps.ts";
import { goTo, settled } from "../test/web/demo-web.ts";
import { type SmallWeb, startSmallWeb } from "../test/web/small-web.ts";
import { type Figure, median } from "./figure.ts";
import { recordsOf } from "./support/one-patient.ts";

/**
 * What the web application costs before and after signing in, in Debian's Chromium against a real site,
 * cloud and directory on the same machine.
 *
 * Figures:   `web-script`: gzipped bytes of script that were fetched before signing in; no baseline.
 *            `web-lcp-4x`: milliseconds to the largest contentful paint of the sign-in page, processor
 *            slowed down four times, median of 5; the baseline is the same page with nothing slowed.
 *            `web-long-task-4x`: the longest task after that page was there, slowed the same way.
 *            `web-first-screen`: milliseconds from the unlocked frame to a home that waits for nothing, a
 *            vault of 10,000 records, median of 3; the baseline is a vault of 100.
 *            `web-search`: milliseconds from sending a question to its answer on the screen, the same.
 *            `web-timeline-frames`: per cent of frames above 33 ms while the timeline is scrolled.
 */
const RECORDS = 10_000;
const SMALL = 100;
const SLOWED = 4;
const LOADS = 5;
const ROUNDS = 3;
const SCROLL_MS = 5_000;
const PART = 500;
const QUESTION = "Observation?code=4548-4&value-quantity=gt6.5&_sort=-date&_count=20";

export async function run(): Promise<readonly Figure[]> {
  const authority = await somebody();
  const web = await startSmallWeb([toHex(authority.identity.card.sign)]);
  try {
    const front = await frontFigures(web);
    const tree = new ProviderTree(httpCloud(web.url), authority);
    const hospital = await tree.organisation("north");
    const large = await Reading.begin(web, hospital, RECORDS);
    const small = await Reading.begin(web, hospital, SMALL);
    const first = await inTurns(large, small, (reading) => reading.firstScreen());
    const search = await inTurns(large, small, (reading) => reading.search());
    const frames = await large.slowFrames();
    return [
      ...front,
      figure("web-first-screen", "ms", first),
      figure("web-search", "ms", search),
      { name: "web-timeline-frames", value: frames, unit: "%", baseline: null, ratio: null },
    ];
  } finally {
    await web.stop();
  }
}

interface Pair {
  readonly value: number;
  readonly baseline: number;
}

function figure(name: string, unit: string, { value, baseline }: Pair): Figure {
  return { name, value, unit, baseline, ratio: value / baseline };
}

async function inTurns(
  large: Reading,
  small: Reading,
  measure: (reading: Reading) => Promise<number>,
): Promise<Pair> {
  const times: { large: number[]; small: number[] } = { large: [], small: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.large.push(await measure(large));
    times.small.push(await measure(small));
  }
  return { value: median(times.large), baseline: median(times.small) };
}

async function frontFigures(web: SmallWeb): Promise<readonly Figure[]> {
  const slow: Loaded[] = [];
  const quick: Loaded[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    slow.push(await loadFront(web, SLOWED));
    quick.push(await loadFront(web, 1));
  }
  const lcp = {
    value: median(slow.map(({ paintMs }) => paintMs)),
    baseline: median(quick.map(({ paintMs }) => paintMs)),
  };
  const task = median(slow.map(({ longestTaskMs }) => longestTaskMs));
  const bytes = Math.max(...slow.map(({ scriptBytes }) => scriptBytes));
  return [
    { name: "web-script", value: bytes, unit: "B", baseline: null, ratio: null },
    figure("web-lcp-4x", "ms", lcp),
    { name: "web-long-task-4x", value: task, unit: "ms", baseline: null, ratio: null },
  ];
}

interface Loaded {
  readonly paintMs: number;
  readonly longestTaskMs: number;
  readonly scriptBytes: number;
}

/** Open the sign-in page in a browser that has never been there. */
async function loadFront(web: SmallWeb, slowed: number): Promise<Loaded> {
  const context = await web.newBrowser({ serviceWorkers: "allow" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowed });
  const scripts = new Map<string, Promise<number>>();
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    scripts.set(
      response.url(),
      response
        .request()
        .sizes()
        .then((sizes) => sizes.responseBodySize),
    );
  });
  await page.addInitScript(() => {
    const seen = { paintMs: 0, tasks: [] as { start: number; ms: number }[] };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.paintMs = entry.startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const { startTime: start, duration: ms } of list.getEntries())
        seen.tasks.push({ start, ms });
    }).observe({ type: "longtask", buffered: true });
  });
  await page.goto(web.url);
  await page.getByRole("button", { name: "Sign in", exact: true }).waitFor();
  await page.waitForTimeout(3_000);
  const { paintMs, tasks, loaded } = await page.evaluate(() => {
    const { seen } = globalThis as unknown as {
      seen: { paintMs: number; tasks: { start: number; ms: number }[] };
    };
    const [navigation] = performance.getEntriesByType("navigation");
    return { ...seen, loaded: (navigation as PerformanceNavigationTiming).loadEventEnd };
  });
  const after = tasks.filter(({ start }) => start >= loaded).map(({ ms }) => ms);
  const sizes = await Promise.all(scripts.values());
  await context.close();
  return {
    paintMs,
    longestTaskMs: Math.max(0, ...after),
    scriptBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** A patient with so many records, signed in in a browser of her own. */
class Reading {
  readonly #page: Page;
  readonly #context: BrowserContext;

  private constructor(page: Page, context: BrowserContext) {
    this.#page = page;
    this.#context = context;
  }

  static async begin(
    web: SmallWeb,
    hospital: Awaited<ReturnType<ProviderTree["organisation"]>>,
    records: number,
  ): Promise<Reading> {
    const cloud = httpCloud(web.url);
    const person = await signUp(httpDirectory(`${web.url}/directory/`));
    const app = await Authenticator.addTo(person.account);
    must(await person.account.settleMailbox());
    const patient = must(await openVault(person.account, { cloud }));
    const owner = { ...(await somebody()), patient, vault: patient.vault };
    const source = await newSource(cloud, owner, hospital.node, CATEGORIES, hospital);
    const vault = await vaultOf(source, patient.vault);
    const resources = recordsOf(records);
    for (let at = 0; at < resources.length; at += PART) {
      const part = resources.slice(at, at + PART).map((resource) => ({ resource }));
      must(await vault.upload(part));
    }
    const context = await web.newBrowser({ serviceWorkers: "allow" });
    const page = await context.newPage();
    await page.goto(web.url);
    await signIn(page, {
      login: person.login,
      password: PASSWORD,
      secret: person.deviceSecret.text,
    });
    await type(page, /^The six digits/, await app.code());
    await press(page, "Continue");
    await isIn(page);
    await settled(page);
    return new Reading(page, context);
  }

  /** From the frame of somebody who has unlocked to a home that waits for nothing. */
  async firstScreen(): Promise<number> {
    const page = this.#page;
    await goTo(page, "/");
    await lock(page);
    await unlock(page, PASSWORD);
    await isIn(page);
    const began = performance.now();
    await page.waitForFunction(
      () =>
        document.querySelector("main h2") !== null &&
        document.querySelector(".salus-waiting") === null,
      undefined,
      { polling: "raf", timeout: 60_000 },
    );
    return performance.now() - began;
  }

  /** From sending a question to its answer on the screen. */
  async search(): Promise<number> {
    const page = this.#page;
    await goTo(page, "/");
    await goTo(page, "/search");
    await page.getByRole("textbox", { name: /search language/ }).fill(QUESTION);
    const began = performance.now();
    await press(page, "Search");
    await page.waitForFunction(
      () => document.querySelector("main .salus-rows, main .salus-state") !== null,
      undefined,
      { polling: "raf", timeout: 60_000 },
    );
    return performance.now() - began;
  }

  /** Scroll the timeline as a finger does, and count frames that came late. */
  async slowFrames(): Promise<number> {
    const page = this.#page;
    await goTo(page, "/timeline");
    // As text: what compiles this file adds names to functions that a page does not know.
    const counting = page.evaluate<number>(`new Promise((resolve) => {
      const began = performance.now();
      let [before, slow, all] = [began, 0, 0];
      requestAnimationFrame(function frame(now) {
        all += 1;
        if (now - before > 33.4) slow += 1;
        before = now;
        if (now - began < ${SCROLL_MS}) requestAnimationFrame(frame);
        else resolve((slow / all) * 100);
      });
    })`);
    const end = performance.now() + SCROLL_MS;
    await page.mouse.move(600, 500);
    while (performance.now() < end) {
      await page.mouse.wheel(0, 240);
      await page.waitForTimeout(16);
    }
    const share = await counting;
    await this.#context.close();
    return share;
  }
}
