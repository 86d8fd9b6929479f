// Draws the application's icons from its one picture, by the browser that shows them. The files are
// committed: they change when the picture does, and not with every build.
//
//     node tools/draw-icons.mjs

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const PUBLIC = join(import.meta.dirname, "../apps/web/public");
const svg = await readFile(join(PUBLIC, "icon.svg"), "utf8");

/** What is cut to another shape keeps its middle, so the picture fills all of it and is smaller. */
const maskable = svg
  .replace('rx="112" ', "")
  .replaceAll("<path", '<path transform="translate(51 51) scale(0.8)"');

const ICONS = [
  { name: "icon-180", size: 180, picture: svg.replace('rx="112" ', "") },
  { name: "icon-192", size: 192, picture: svg },
  { name: "icon-512", size: 512, picture: svg },
  { name: "icon-maskable-512", size: 512, picture: maskable },
];

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { name, size, picture } of ICONS) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${picture}`);
  const bytes = await page.screenshot({ omitBackground: true });
  await writeFile(join(PUBLIC, `${name}.png`), bytes);
  await page.close();
}
await browser.close();
