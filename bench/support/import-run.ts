import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { type IndexSize, indexSizeOf } from "./index-size.ts";

const PROGRAM = join(import.meta.dirname, "../../apps/cli/dist/salus.mjs");

/** What one import did. */
export interface ImportRun {
  readonly stored: number;
  /** Index entries: one for each scope of an ordered value, each tag of a record once, no padding. */
  readonly entries: number;
  readonly seconds: number;
}

/**
 * Import files into new homes and a new cloud, as a user does: two processes and an embedded database.
 *
 * Takes:   `folder`, empty but for the files.
 * Fails:   throws unless the cloud holds exactly the index that the policy gives the records.
 */
export async function importFiles(folder: string, files: readonly string[]): Promise<ImportRun> {
  const serve = ["serve", "--port", "0", "--data", join(folder, "cloud")];
  const cloud = spawn(process.execPath, [PROGRAM, ...serve], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      cloud.stdout.on("data", (text) => {
        const ready = /^ready (\S+)/m.exec(String(text))?.[1];
        if (ready !== undefined) resolve(ready);
      });
      cloud.on("exit", () => reject(new Error("the cloud ended before it was ready")));
    });
    const run = await importInto(url, join(folder, "home"), files);
    const { ordered, sealed, tags, paddedTags } = await indexSizeOf(files);
    assert.deepEqual(await heldIn(join(folder, "cloud")), { ordered, sealed, paddedTags });
    return { ...run, entries: ordered + sealed + tags };
  } finally {
    const ended = new Promise((resolve) => cloud.on("exit", resolve));
    cloud.kill("SIGTERM");
    await ended;
  }
}

async function importInto(
  url: string,
  home: string,
  files: readonly string[],
): Promise<Omit<ImportRun, "entries">> {
  const start = performance.now();
  const importing = spawn(
    process.execPath,
    [PROGRAM, "import", ...files, "--home", home, "--cloud", url, "--json"],
    {
      env: { ...process.env, SALUS_PASSPHRASE: "only for this measurement" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  let said = "";
  importing.stdout.on("data", (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => importing.on("close", resolve));
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return { stored: JSON.parse(said).stored, seconds };
}

/** A tag list begins with its nonce (spec: tags). */
const NONCE_BYTES = 16;
const TAG_BYTES = 8;

/** Count what stands in the cloud's tables, beside the cloud: it cannot tell padding from tags. */
async function heldIn(folder: string): Promise<Omit<IndexSize, "tags">> {
  const client = new pg.Client({
    host: join(realpathSync(join(folder, "server")), "socket"),
    port: 5432,
    user: "salus",
    database: "salus",
    password: readFileSync(join(folder, "password"), "utf8"),
  });
  await client.connect();
  try {
    const { rows } = await client.query<Omit<IndexSize, "tags">>(
      `select (select count(*) from ordered_entry)::int4 as ordered,
        (select count(*) from sealed_entry)::int4 as sealed,
        (select coalesce(sum((octet_length(tags) - $1::int4) / $2::int4), 0) from tag_list)::int4
          as "paddedTags"`,
      [NONCE_BYTES, TAG_BYTES],
    );
    const [held] = rows;
    assert(held !== undefined, "counting gives a row");
    return { ...held };
  } finally {
    await client.end();
  }
}
