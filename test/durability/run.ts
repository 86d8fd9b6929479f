/**
 * As many crashes as asked for: npm run durability -- --kills 200 [--seed N]
 *
 * Ends with 1 when anything that was acknowledged is lost, doubled or in part.
 */
import { parseArgs } from "node:util";
import { temporaryFolder } from "../running/folder.ts";
import { crash } from "./crashes.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
  },
});

const folder = temporaryFolder();
const report = await crash({
  folder: folder.path,
  kills: Number(values.kills),
  seed: Number(values.seed),
  progress: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, undefined, 1)}\n`);
folder.remove();
process.exitCode = report.faults.length === 0 && report.records === report.expected ? 0 : 1;
