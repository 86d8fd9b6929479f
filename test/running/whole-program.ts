import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
/** Below the packages that it finds by looking upwards: those of the database. */
const BUILDS = join(ROOT, "apps/cli/dist");

/**
 * Bundle the program together with its dependencies, once in a run of tests, and have tests run that.
 * They start it some five hundred times, and to load its dependencies file by file takes longer than
 * most of what they ask of it. What is shipped is tested by `test/cli/package.test.ts`.
 *
 * Gives:   what removes it. Where SALUS_BUILD names a build, that one is tested instead.
 */
export default function buildWhole(): () => void {
  if (process.env.SALUS_BUILD !== undefined) return () => undefined;
  mkdirSync(BUILDS, { recursive: true });
  const whole = mkdtempSync(join(BUILDS, "whole-"));
  const args = [join(ROOT, "tools/build.mjs"), "--whole", "--without-web", "--out", whole];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the program was not built: ${stderr}`);
  // Its site serves the application as it was built last.
  symlinkSync("../web", join(whole, "web"));
  process.env.SALUS_BUILD = whole;
  return () => rmSync(whole, { recursive: true, force: true });
}
