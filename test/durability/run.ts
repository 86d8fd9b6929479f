/**
 * `npm run durability -- --kills 200 --seed 1`: the test of the same name, for as long as one likes.
 */
import { parseArgs } from "node:util";
import { temporaryFolder } from "../running/folder.ts";
import { crash } from "./crashes.ts";

const { values } = parseArgs({
  options: { kills: { type: "string", default: "200" }, seed: { type: "string", default: "1" } },
});
const folder = temporaryFolder();
const began = performance.now();
const report = await crash({
  folder: folder.path,
  kills: Number(values.kills),
  seed: Number(values.seed),
  progress: (line) => process.stderr.write(`${line}\n`),
});
folder.remove();
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(`${JSON.stringify({ ...report, seed: Number(values.seed), seconds })}\n`);
if (report.faults.length > 0 || report.records !== report.expected) process.exitCode = 1;
