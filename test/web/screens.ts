import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { type DemoWeb, goTo, PLACES, settled, startDemoWeb } from "./demo-web.ts";

// Photographs every page of the running application, to be looked at:
//
//     npm run screens [-- --out DIR] [--readme]
//
// `--readme` takes only those that the README shows, into docs/screens.

const { values } = parseArgs({
  options: { out: { type: "string" }, readme: { type: "boolean", default: false } },
});
const ROOT = join(import.meta.dirname, "../..");
const out = values.out ?? join(ROOT, values.readme ? "docs/screens" : ".data/screens");

const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const;
const SCHEMES = ["light", "dark"] as const;

async function photograph(page: Page, name: string, whole: boolean): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: whole });
}

async function all(web: DemoWeb): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of SCHEMES) {
      const look = { viewport, colorScheme };
      const context = await web.browser.newContext(look);
      const front = await context.newPage();
      for (const place of PLACES.nobody) {
        await front.goto(web.url + place);
        await photograph(front, nameOf("nobody", place, size, colorScheme), true);
      }
      await context.close();
      for (const role of ["patient", "practitioner", "administrator"] as const) {
        const page = await web.be(role, look);
        for (const place of PLACES[role]) {
          await goTo(page, place);
          await photograph(page, nameOf(role, place, size, colorScheme), true);
        }
        await page.context().close();
      }
    }
  }
}

function nameOf(role: string, place: string, size: string, scheme: string): string {
  const words = place.split("/").filter((word) => word !== "");
  return [role, ...(words.length === 0 ? ["start"] : words), size, scheme].join("-");
}

/** What the README shows: a home, a chart, and a search as the cloud sees it. */
async function shown(web: DemoWeb): Promise<void> {
  const look = { viewport: SIZES.desktop, colorScheme: "light" } as const;
  const patient = await web.be("patient", look);
  await photograph(patient, "home", false);
  await goTo(patient, "/search");
  const question = "Observation?code=4548-4&value-quantity=gt6.5&_sort=-date&_count=2";
  await patient.getByRole("textbox", { name: /search language/ }).fill(question);
  await patient.getByRole("button", { name: "Search", exact: true }).click();
  await patient.locator("main .salus-rows").waitFor();
  await settled(patient);
  const seen = patient.getByText("What the cloud sees");
  await seen.click();
  await settled(patient);
  await patient.locator(".salus-bytes").first().waitFor();
  await seen.evaluate((summary) => {
    scrollTo(0, summary.getBoundingClientRect().top + scrollY - 240);
  });
  await patient.screenshot({ path: join(out, "cloud.png") });
  await patient.context().close();
  const practitioner = await web.be("practitioner", look);
  await practitioner
    .getByRole("link", { name: /days left/ })
    .first()
    .click();
  await photograph(practitioner, "chart", false);
  await practitioner.context().close();
}

await mkdir(out, { recursive: true });
const web = await startDemoWeb();
try {
  await (values.readme ? shown(web) : all(web));
} finally {
  await web.stop();
}
process.stdout.write(`${out}\n`);
