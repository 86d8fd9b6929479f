import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
/** Below the packages that it finds by looking upwards: those of the database. */
const WHOLE = join(ROOT, "apps/cli/dist/whole");

/**
 * Bundle the program together with its dependencies, once in a run of tests, and have tests run that.
 * They start it some five hundred times, and to load its dependencies file by file takes longer than
 * most of what they ask of it. What is shipped is tested by `test/cli/package.test.ts`.
 *
 * Gives:   what removes it. Where SALUS_BUILD names a build, that one is tested instead.
 */
export default function buildWhole(): () => void {
  if (process.env.SALUS_BUILD !== undefined) return () => undefined;
  const args = [join(ROOT, "tools/build.mjs"), "--whole", "--out", WHOLE];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the program was not built: ${stderr}`);
  process.env.SALUS_BUILD = WHOLE;
  return () => rmSync(WHOLE, { recursive: true, force: true });
}
