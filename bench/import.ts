import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { population } from "@salus/health";
import { byteaArray, int4Array, int8Array } from "@salus/service";
import type { Figure } from "./figure.ts";
import { importFiles } from "./support/import-run.ts";
import { openScratchDatabase } from "./support/scratch-database.ts";

/**
 * Importing FHIR end to end: the program reads NDJSON, derives, seals, signs and uploads; the cloud verifies and stores; client, cloud
 * and PostgreSQL share the machine. Beside it the same resources and as many plain index entries written
 * straight into a table of the same server by one process, without HTTP, keys or signatures.
 *
 * Figures:   `import`: records/s. `import-entries`: index entries/s, without what pads lists of tags.
 * Cannot show: what a slower network would cost. Every fourth record opens a cell of its own here, with its
 * post-quantum key pair and wrap: `import-synthea` has longer histories.
 */
const PATIENTS = 60;

export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "salus-bench-"));
  try {
    const file = join(folder, "world.ndjson");
    const resources = await write(file);
    const { stored, entries, seconds } = await importFiles(folder, [file]);
    const plain = await plainSeconds(resources, entries);
    const ratio = plain / seconds;
    const figure = (name: string, unit: string, count: number): Figure => ({
      ...{ name, unit, value: count / seconds, baseline: count / plain, ratio },
    });
    return [figure("import", "records/s", stored), figure("import-entries", "entries/s", entries)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Write the population as NDJSON. Gives: what is stored of it, patients and their records. */
async function write(file: string): Promise<readonly unknown[]> {
  const { organisations, patients } = population({ seed: 7, patients: PATIENTS, hospitals: 5 });
  const out = createWriteStream(file);
  const line = (resource: unknown): void => void out.write(`${JSON.stringify(resource)}\n`);
  for (const organisation of organisations) {
    line(organisation.resource);
    for (const department of organisation.departments) {
      line(department.resource);
      for (const physician of department.physicians) line(physician.resource);
    }
  }
  const stored = [...patients].flatMap(({ patient, records }) => [
    patient,
    ...Array.from(records, ({ resource }) => resource),
  ]);
  for (const resource of stored) line(resource);
  await new Promise((resolve) => out.end(resolve));
  return stored;
}

const BATCH = 1000;

/** Store resources as they are, and as many index entries, spread evenly over them. */
async function plainSeconds(resources: readonly unknown[], entries: number): Promise<number> {
  const each = entries / resources.length;
  const database = await openScratchDatabase();
  try {
    const { client } = database;
    await client.query(
      "create table plain_record (record int4 primary key, resource jsonb not null)",
    );
    await client.query(
      "create table plain_index (attribute int4, value int8, record int4, primary key (attribute, value, record))",
    );
    const start = performance.now();
    for (let from = 0; from < resources.length; from += BATCH) {
      const batch = resources.slice(from, from + BATCH);
      const numbers = int4Array(batch.map((_, at) => from + at));
      const texts = batch.map((resource) => Buffer.from(JSON.stringify(resource)));
      await client.query("begin");
      await client.query(
        `insert into plain_record select number, convert_from(text, 'UTF8')::jsonb
         from unnest($1::int4[], $2::bytea[]) as r (number, text)`,
        [numbers, byteaArray(texts)],
      );
      const first = Math.round(from * each);
      const count = Math.round((from + batch.length) * each) - first;
      const owners = Array.from({ length: count }, (_, at) => from + Math.floor(at / each));
      await client.query(
        `insert into plain_index select attribute, value, record
         from unnest($1::int4[], $2::int8[], $3::int4[]) as e (attribute, value, record)`,
        [
          int4Array(owners.map((_, at) => at % 300)),
          int8Array(owners.map((_, at) => (from + at) * 7919)),
          int4Array(owners),
        ],
      );
      await client.query("commit");
    }
    return (performance.now() - start) / 1000;
  } finally {
    await database.close();
  }
}
