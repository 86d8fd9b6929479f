/**
 * Measure the figures that the README claims.
 *
 *     npm run bench                             every figure, as a table
 *     npm run bench -- --json                   one line per figure: {name, value, unit, baseline, ratio}
 *     npm run bench ordered-encrypt subtree     only these
 *     npm run bench sealed                      only those whose name begins so
 *     npm run bench import.ts                   only those of a file
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";
import { ALL, meantBy, NAMES } from "./names.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});

const unknown = positionals.filter((word) => meantBy(word).length === 0);
const wanted = new Set(positionals.length === 0 ? ALL : positionals.flatMap(meantBy));
if (unknown.length > 0) {
  const names = ALL.map((name) => `  ${name}\n`).join("");
  console.error(`No figure is called ${unknown.join(", ")}, nor begins so. There are:\n${names}`);
  process.exitCode = 1;
} else await measure();

/** Files stand beside this one, and what several share by its side or in folders. */
async function measure(): Promise<void> {
  for (const [file, names] of Object.entries(NAMES)) {
    if (!names.some((name) => wanted.has(name))) continue;
    try {
      const { run } = (await import(join(import.meta.dirname, `${file}.ts`))) as {
        run: () => Promise<readonly Figure[]>;
      };
      for (const figure of await run()) {
        if (!names.includes(figure.name)) throw new Error(`names.ts does not have ${figure.name}`);
        if (wanted.has(figure.name)) print(figure);
      }
    } catch (error) {
      process.exitCode = 1;
      console.error(`${file}.ts: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function print(figure: Figure): void {
  if (values.json) {
    const { name, value, unit, baseline, ratio } = figure;
    console.log(JSON.stringify({ name, value, unit, baseline, ratio }));
    return;
  }
  const beside = figure.baseline === null ? "" : `  baseline ${round(figure.baseline)}`;
  const ratio = figure.ratio === null ? "" : `  ratio ${round(figure.ratio)}`;
  console.log(
    `${figure.name.padEnd(34)} ${round(figure.value).padStart(14)} ${figure.unit}${beside}${ratio}`,
  );
}

function round(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
