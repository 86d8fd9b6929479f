/**
 * Measure the figures that the README claims.
 *
 *     npm run bench                      every figure, as a table
 *     npm run bench -- --json            one line per figure: {name, value, unit, baseline, ratio}
 *     npm run bench -- ordered sealed    only the files whose name starts so
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Figure } from "./figure.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false } },
});

/** A benchmark file stands beside this one; what is shared by several says so by `figure` or a folder. */
const all = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts") && !["run.ts", "figure.ts"].includes(name))
  .sort();
const files = all.filter(
  (name) => positionals.length === 0 || positionals.some((start) => name.startsWith(start)),
);

let failed = files.length === 0;
if (failed) console.error(`No file's name starts so. There are: ${all.join(" ")}`);
for (const name of files) {
  try {
    const { run } = (await import(join(import.meta.dirname, name))) as {
      run: () => Promise<readonly Figure[]>;
    };
    for (const figure of await run()) print(figure);
  } catch (error) {
    failed = true;
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exitCode = failed ? 1 : 0;

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
