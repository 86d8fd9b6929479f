import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { type DemoWeb, goTo, PLACES, settled, startDemoWeb } from "./demo-web.ts";
import { faultsOf, type Look, lookAt, SCHEMES, SIZES } from "./page-faults.ts";

// Photographs every page of the running application, to be looked at:
//
//     npm run screens [-- --out DIR] [--readme] [--check]
//
// `--readme` takes only those that the README shows, into docs/screens. `--check` takes none, and says
// what the test of pages would find wrong: here with every page in every size and in both schemes.

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    readme: { type: "boolean", default: false },
    check: { type: "boolean", default: false },
  },
});
const ROOT = join(import.meta.dirname, "../..");
const out = values.out ?? join(ROOT, values.readme ? "docs/screens" : ".data/screens");

const STILL = { reducedMotion: "reduce" } as const;

/** What is done with a page that stands there, called after its place and look. */
type Seen = (page: Page, name: string, look: Look) => Promise<void>;

async function photograph(page: Page, name: string, whole: boolean): Promise<void> {
  await settled(page);
  await page.screenshot({ path: join(out, `${name}.png`), fullPage: whole });
}

async function check(page: Page, name: string, look: Look): Promise<void> {
  await settled(page);
  // What runs this program names the functions in functions, and calls this for it in the page too.
  await page.evaluate("globalThis.__name = (named) => named");
  await lookAt(page, look);
  const faults = await faultsOf(page, look);
  for (const fault of faults) process.stdout.write(`${name}: ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

async function all(web: DemoWeb, see: Seen): Promise<void> {
  for (const size of ["phone", "desktop"] as const) {
    for (const colorScheme of SCHEMES) {
      const look = { size, colorScheme };
      const shown = { colorScheme, viewport: SIZES[size], ...(values.check ? STILL : {}) };
      const context = await web.browser.newContext(shown);
      const front = await context.newPage();
      for (const place of PLACES.nobody) {
        await front.goto(web.url + place);
        await see(front, nameOf("nobody", place, look), look);
      }
      await context.close();
      for (const role of ["patient", "practitioner", "administrator"] as const) {
        const page = await web.be(role, shown);
        for (const place of PLACES[role]) {
          await goTo(page, place);
          await see(page, nameOf(role, place, look), look);
        }
        await page.context().close();
      }
    }
  }
}

function nameOf(role: string, place: string, { size, colorScheme }: Look): string {
  const words = place.split("/").filter((word) => word !== "");
  return [role, ...(words.length === 0 ? ["start"] : words), size, colorScheme].join("-");
}

/** What the README shows: a home, a chart, and a search as the cloud sees it. */
async function shown(web: DemoWeb): Promise<void> {
  const look = { viewport: SIZES.desktop, colorScheme: "light" } as const;
  const patient = await web.be("patient", look);
  await photograph(patient, "home", false);
  await goTo(patient, "/search");
  const question = "Observation?code=4548-4&value-quantity=gt6.5&_sort=-date&_count=2";
  await patient.getByText("For experts").click();
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

if (!values.check) await mkdir(out, { recursive: true });
const web = await startDemoWeb();
try {
  if (values.readme) await shown(web);
  else await all(web, values.check ? check : (page, name) => photograph(page, name, true));
} finally {
  await web.stop();
}
process.stdout.write(values.check ? "" : `${out}\n`);
