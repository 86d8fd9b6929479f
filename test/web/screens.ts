import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { type DemoWeb, goTo, PLACES, type Role, settled, startDemoWeb } from "./demo-web.ts";

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

/** What the README shows. */
const SHOWN: readonly {
  readonly role: Role;
  readonly place: string;
  readonly size: keyof typeof SIZES;
  readonly scheme: (typeof SCHEMES)[number];
  readonly name: string;
}[] = [
  { role: "patient", place: "/", size: "desktop", scheme: "light", name: "home" },
  { role: "patient", place: "/requests", size: "phone", scheme: "light", name: "requests" },
  { role: "practitioner", place: "/patients", size: "desktop", scheme: "dark", name: "patients" },
];

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

async function shown(web: DemoWeb): Promise<void> {
  for (const { role, place, size, scheme, name } of SHOWN) {
    const page = await web.be(role, { viewport: SIZES[size], colorScheme: scheme });
    await goTo(page, place);
    await photograph(page, name, false);
    await page.context().close();
  }
}

await mkdir(out, { recursive: true });
const web = await startDemoWeb();
try {
  await (values.readme ? shown(web) : all(web));
} finally {
  await web.stop();
}
process.stdout.write(`${out}\n`);
