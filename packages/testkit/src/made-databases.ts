import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@salus/service";
import { SERVERS } from "./servers.ts";

/** Where this run of tests has databases that are made already; a variable, so that workers have it. */
const MADE = "SALUS_TEST_DATABASES";

/** Whose data the copied folder says it has, until it is told. */
const MAKER = "test";

/** The folder of one server's database; the packaged server is named by no folder of its own. */
const folderOf = (made: string, binaries: string | undefined): string =>
  join(made, binaries === undefined ? "packaged" : "debian");

/**
 * Make an empty database for each server that tests run on, once in a run of tests: PostgreSQL takes a
 * second to make one, and a tenth of that to start on a copy. How one is made is tested in `service`,
 * by the programs' own tests, and by the demo, which begin without.
 *
 * Gives:   what removes them.
 */
export default async function makeDatabases(): Promise<() => void> {
  const made = mkdtempSync(join(tmpdir(), "salus-made-"));
  const making = SERVERS.map(async ([, binaries]) => {
    const folder = folderOf(made, binaries);
    const options = { service: MAKER, folder, binaries, onEvent: () => undefined };
    await (await startEmbedded(options)).stop();
  });
  await Promise.all(making);
  process.env[MADE] = made;
  return () => rmSync(made, { recursive: true, force: true });
}

/**
 * Put a database that was made already where a service will start for the first time. Does nothing where
 * there is a folder, nor outside of a run of tests: then the service makes its own.
 */
export function placeDatabase(folder: string, service: string, binaries?: string): void {
  const made = process.env[MADE];
  if (made === undefined || existsSync(folder)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The server's files are another user's where tests run as root, which `cpSync` does not keep.
  const { status, stderr } = spawnSync("cp", ["-a", `${folderOf(made, binaries)}/.`, folder]);
  if (status !== 0) throw new Error(`the database was not copied: ${stderr}`);
  renameSync(join(folder, `salus-${MAKER}`), join(folder, `salus-${service}`));
}
