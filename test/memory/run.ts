/** The memory of a large import: npm run memory -- [--records 100000] */
import { parseArgs } from "node:util";
import { temporaryFolder } from "../running/folder.ts";
import { measureImport } from "./import.ts";

const { values } = parseArgs({ options: { records: { type: "string", default: "100000" } } });
const folder = temporaryFolder();
const report = await measureImport(folder.path, Number(values.records));
process.stdout.write(`${JSON.stringify(report, undefined, 1)}\n`);
folder.remove();
process.exitCode = report.importMiB < 512 && report.cloudMiB < 512 ? 0 : 1;
