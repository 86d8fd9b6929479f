import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoWeb, goTo, PLACES, settled, startDemoWeb } from "./demo-web.ts";
import { faultsOf, type Look, lookAt } from "./page-faults.ts";

// Goal: every page is whole: nothing that waits for ever, nothing wider than the screen, nothing that
// hides from a screen reader, nothing that the policy had to forbid.
// Method: every place of every role in the demo, by turns on a phone in light and on a desktop in dark;
// each is laid out on both, and at twice the size, where half as much fits. The browser is asked for
// little motion. `npm run screens -- --check` looks at every place in every look.

const LOOKS: readonly Look[] = [
  { size: "phone", colorScheme: "light" },
  { size: "desktop", colorScheme: "dark" },
];

let web: DemoWeb;

beforeAll(async () => {
  web = await startDemoWeb("--patients", "3");
});

afterAll(() => web.stop());

// Most of it is waiting for the browser: so they go about at the same time.
describe.concurrent("is whole", () => {
  it.for(["patient", "practitioner", "administrator"] as const)(
    "every page of a %s",
    async (role) => {
      const page = await web.be(role, role === "patient" ? { serviceWorkers: "allow" } : {});
      const found = await faultsAt(page, PLACES[role], goTo);
      expect(found).toEqual(Object.fromEntries(PLACES[role].map((place) => [place, []])));
    },
  );

  it("every page before signing in", async () => {
    const page = await (await web.browser.newContext()).newPage();
    const found = await faultsAt(page, PLACES.nobody, async (_, place) => {
      await page.goto(web.url + place);
      await settled(page);
    });
    expect(found).toEqual(Object.fromEntries(PLACES.nobody.map((place) => [place, []])));
  });
});

it("nothing was forbidden by the policy, and nobody else was asked", () => {
  expect(web.breaches).toEqual([]);
});

it("lets anybody be somebody of the demo again whose session is over", async () => {
  const page = await web.be("patient");
  await goTo(page, "/security");
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in", level: 1 }).waitFor();
  await page.context().close();
  // Everybody who is her begins with the same session.
  const again = await web.be("patient");
  await again.context().close();
});

/** Go to each of these places, look at it in one of the two ways, and leave for good. */
async function faultsAt(
  page: Page,
  places: readonly string[],
  go: (page: Page, place: string) => Promise<void>,
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const [at, place] of places.entries()) {
    const look = LOOKS[at % LOOKS.length] as Look;
    await lookAt(page, look);
    await go(page, place);
    found[place] = await faultsOf(page, look);
  }
  await page.context().close();
  return found;
}
