import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
/** Below the packages that it finds by looking upwards: those of the database. */
const BUILDS = join(ROOT, "apps/cli/dist");

/** Whether the application was built since one of its sources has changed, as it is before all tests. */
function isWebNew(): boolean {
  const built = join(BUILDS, "web/files.json");
  if (!existsSync(built)) return false;
  const since = statSync(built).mtimeMs;
  const packages = readdirSync(join(ROOT, "packages"), { encoding: "utf8" });
  const folders = [
    "apps/web/src",
    "apps/web/public",
    ...packages.map((name) => `packages/${name}/src`),
  ];
  const files = folders
    .map((folder) => join(ROOT, folder))
    .filter(existsSync)
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
  return [...files, join(ROOT, "tools/build-web.mjs")].every(
    (file) => (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < since,
  );
}

const NAME = /^whole-(?:(\d+)-)?/;
/** No run of tests takes so long: whoever has the number of its process now is another one. */
const DAY_MS = 86_400_000;
/** Builds without a number were made by earlier checkouts, whose runs may go on beside this one. */
const HOUR_MS = 3_600_000;

/** Remove the builds of runs that were interrupted. Those whose run goes on stay. */
export function removeAbandoned(builds: string): void {
  for (const name of readdirSync(builds)) {
    const [named, pid] = NAME.exec(name) ?? [];
    if (named === undefined) continue;
    const path = join(builds, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    const goesOn = pid === undefined || isAlive(Number(pid));
    const age = Date.now() - mtimeMs;
    if (goesOn && age < (pid === undefined ? HOUR_MS : DAY_MS)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Bundle the program together with its dependencies, once in a run of tests, and have tests run that.
 * They start it some hundreds of times, and to load its dependencies file by file takes longer than
 * most of what they ask of it. What is shipped is tested by `test/cli/package.test.ts`.
 *
 * Gives:   what removes it. Where SALUS_BUILD names a build, that one is tested instead.
 */
export default function buildWhole(): () => void {
  if (process.env.SALUS_BUILD !== undefined) return () => undefined;
  mkdirSync(BUILDS, { recursive: true });
  removeAbandoned(BUILDS);
  const whole = mkdtempSync(join(BUILDS, `whole-${process.pid}-`));
  const web = isWebNew() ? ["--without-web"] : [];
  const args = [join(ROOT, "tools/build.mjs"), "--whole", ...web, "--out", whole];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`the program was not built: ${stderr}`);
  if (web.length > 0) symlinkSync("../web", join(whole, "web"));
  process.env.SALUS_BUILD = whole;
  return () => rmSync(whole, { recursive: true, force: true });
}
