import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BALANCED, deriveIndex, population, type SourcedRecord } from "@salus/health";
import { byteaArray, int4Array, int8Array } from "@salus/service";
import type { Figure } from "./figure.ts";
import { importFiles } from "./support/import-run.ts";
import { openScratchDatabase } from "./support/scratch-database.ts";

/**
 * Importing FHIR end to end: the program reads NDJSON, derives, seals, signs and uploads; the cloud verifies and stores; client, cloud
 * and PostgreSQL share the machine. Beside it the same resources and as many plain index entries written
 * straight into a table of the same server by one process, without HTTP, keys or signatures.
 *
 * Figures:   `import`: records/s. `import-entries`: index entries/s, each tag of a record counted once.
 * Cannot show: what a slower network would cost. Every fourth record opens a cell of its own here, with its
 * post-quantum key pair and wrap: `import-synthea` has longer histories.
 */
const PATIENTS = 60;

export async function run(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "salus-bench-"));
  try {
    const world = await write(join(folder, "world.ndjson"));
    const { seconds: encrypted, entries: held } = await importFiles(folder, [
      join(folder, "world.ndjson"),
    ]);
    const plain = await plainSeconds(world.records);
    const { entries } = world;
    if (held < entries) throw new Error(`the cloud holds ${held} of ${entries} index entries`);
    const count = world.records.length;
    return [
      perSecond("import", "records/s", count, encrypted, plain),
      perSecond("import-entries", "entries/s", entries, encrypted, plain),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function perSecond(
  name: string,
  unit: string,
  count: number,
  seconds: number,
  plain: number,
): Figure {
  return { name, value: count / seconds, unit, baseline: count / plain, ratio: plain / seconds };
}

interface World {
  readonly records: readonly SourcedRecord[];
  readonly entries: number;
}

async function write(file: string): Promise<World> {
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
  const records: SourcedRecord[] = [];
  let entries = 0;
  for (const { patient, records: history } of patients) {
    line(patient);
    for (const record of history) {
      line(record.resource);
      records.push(record);
      entries += entriesOf(record);
    }
  }
  await new Promise((resolve) => out.end(resolve));
  return { records, entries };
}

/** What the index holds of a record: an ordered entry stands in each scope of its path. */
function entriesOf({ resource, organisation, department, physician }: SourcedRecord): number {
  const path = [organisation, department, physician];
  const derived = deriveIndex(resource, { path, policy: BALANCED });
  if (!derived.ok) throw new Error(`bug: the population's ${resource.resourceType} has no index`);
  const scopes = 1 + path.length;
  return derived.value.entries.reduce(
    (sum, { kind }) => sum + (kind === "ordered" ? scopes : 1),
    0,
  );
}

const BATCH = 1000;

async function plainSeconds(records: readonly SourcedRecord[]): Promise<number> {
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
    for (let from = 0; from < records.length; from += BATCH) {
      const batch = records.slice(from, from + BATCH);
      const numbers = int4Array(batch.map((_, at) => from + at));
      const texts = batch.map(({ resource }) => Buffer.from(JSON.stringify(resource)));
      await client.query("begin");
      await client.query(
        `insert into plain_record select number, convert_from(text, 'UTF8')::jsonb
         from unnest($1::int4[], $2::bytea[]) as r (number, text)`,
        [numbers, byteaArray(texts)],
      );
      const owners = batch.flatMap((record, at) =>
        Array<number>(entriesOf(record)).fill(from + at),
      );
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
