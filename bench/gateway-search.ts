import { ChainCache, httpCloud, Reader, type Resource } from "@salus/client";
import { CATEGORIES } from "@salus/health";
import type { VaultHandle } from "@salus/protocol";
import { must, newPatient, newSource, startCloudProcess, vaultOf } from "@salus/testkit";
import type pg from "pg";
import type { Figure } from "./figure.ts";
import { recordsOf } from "./support/one-patient.ts";
import { openScratchDatabase, quantile } from "./support/scratch-database.ts";

/**
 * What a search of one vault of 10,000 records takes a gateway, from the question to its matches opened,
 * verified and in order: beside the same question over the same records in the clear, in indexed columns
 * of PostgreSQL, from the statement to parsed JSON; in turns.
 *
 * Figures:   `gateway-search-sorted-p50`: a code, a date, and the newest 20 by date.
 *            `gateway-search-quantity-p50`: a code and a value, 20 in any order.
 *            `gateway-search-name-p50`: one record by its id.
 *            `gateway-everything-2000`: 2,000 records, all that there are.
 * Cannot show: a network; a first question, which unwraps the keys of the batches that it meets.
 */
const RECORDS = 10_000;
const ALL = 2000;
const PART = 500;
const QUERIES = 100;
const WARM = 10;
const ROUNDS = 5;
/** As a gateway asks: what is revoked the cloud refuses in any case. */
const CHAIN_AGE_MS = 5000;

const PULSE = "8867-4";
const SINCE = "2012-01-01";

/** A question, as FHIR and as SQL say it. */
interface Question {
  readonly name: string;
  readonly query: string;
  readonly sql: string;
  readonly values: readonly unknown[];
}

const QUESTIONS: readonly Question[] = [
  {
    name: "sorted",
    query: `Observation?code=${PULSE}&date=ge${SINCE}&_sort=-date&_count=20`,
    sql: `select body from plain_record where type = 'Observation' and code = $1 and date >= $2
      order by date desc limit 20`,
    values: [PULSE, SINCE],
  },
  {
    name: "quantity",
    query: `Observation?code=${PULSE}&value-quantity=gt80&_count=20`,
    sql: `select body from plain_record where type = 'Observation' and code = $1 and value > $2
      limit 20`,
    values: [PULSE, 80],
  },
  {
    name: "name",
    query: "Observation?_id=p0001-2",
    sql: "select body from plain_record where type = 'Observation' and id = $1",
    values: ["p0001-2"],
  },
];

export async function run(): Promise<readonly Figure[]> {
  const database = await openScratchDatabase();
  const server = await startCloudProcess();
  try {
    const cloud = httpCloud(server.url);
    const owner = await newPatient(cloud);
    const source = await newSource(cloud, owner, "org", CATEGORIES);
    const vault = await vaultOf(source, owner.vault);
    const records = recordsOf(RECORDS);
    for (let at = 0; at < records.length; at += PART) {
      const part = records.slice(at, at + PART).map((resource) => ({ resource }));
      must(await vault.upload(part));
    }
    await fill(database.client, records);
    const reader = must(
      await Reader.open({
        cloud,
        store: owner.store,
        chains: new ChainCache(),
        chainAgeMs: CHAIN_AGE_MS,
      }),
    );
    const asked = { reader, vault: owner.vault, client: database.client };
    const figures: Figure[] = [];
    for (const question of QUESTIONS) figures.push(await beside(asked, question));
    return [...figures, await everything(asked)];
  } finally {
    await server.stop();
    await database.close();
  }
}

interface Asked {
  readonly reader: Reader;
  readonly vault: VaultHandle;
  readonly client: pg.Client;
}

async function fill(client: pg.Client, records: readonly Resource[]): Promise<void> {
  await client.query(`create table plain_record (type text, id text, code text, date timestamptz,
    value float8, body text)`);
  for (const record of records) {
    const { resourceType, id, code, effectiveDateTime, valueQuantity } = record as Resource & {
      readonly code?: { readonly coding?: readonly { readonly code?: string }[] };
      readonly valueQuantity?: { readonly value?: number };
    };
    await client.query("insert into plain_record values ($1, $2, $3, $4, $5, $6)", [
      ...[resourceType, id, code?.coding?.[0]?.code ?? null, effectiveDateTime ?? null],
      ...[valueQuantity?.value ?? null, JSON.stringify(record)],
    ]);
  }
  await client.query("create unique index on plain_record (type, id)");
  await client.query("create index on plain_record (type, code, date)");
  await client.query("create index on plain_record (type, code, value)");
  await client.query("vacuum analyze plain_record");
}

async function beside({ reader, vault, client }: Asked, question: Question): Promise<Figure> {
  const sealed = async (): Promise<number> => {
    let found = 0;
    const answer = must(await reader.search(question.query, { vaults: [vault] }));
    for await (const _ of answer) found += 1;
    return found;
  };
  const plain = async (): Promise<number> => {
    const { rows } = await client.query(question.sql, [...question.values]);
    return rows.map(({ body }) => JSON.parse(body)).length;
  };
  const times = await inTurns(sealed, plain, QUERIES + WARM);
  const value = quantile(times.sealed.slice(WARM), 0.5);
  const baseline = quantile(times.plain.slice(WARM), 0.5);
  const name = `gateway-search-${question.name}-p50`;
  return { name, value, unit: "ms", baseline, ratio: value / baseline };
}

async function everything({ reader, vault, client }: Asked): Promise<Figure> {
  const sealed = async (): Promise<number> => {
    let found = 0;
    for await (const _ of must(await reader.export({ vaults: [vault] }))) {
      found += 1;
      if (found === ALL) break;
    }
    return found;
  };
  const plain = async (): Promise<number> => {
    const { rows } = await client.query(`select body from plain_record limit ${ALL}`);
    return rows.map(({ body }) => JSON.parse(body)).length;
  };
  const times = await inTurns(sealed, plain, ROUNDS);
  const value = quantile(times.sealed, 0.5);
  const baseline = quantile(times.plain, 0.5);
  const name = `gateway-everything-${ALL}`;
  return { name, value, unit: "ms", baseline, ratio: value / baseline };
}

/** Milliseconds of each, taking turns; they must find as much as each other. */
async function inTurns(
  sealed: () => Promise<number>,
  plain: () => Promise<number>,
  rounds: number,
): Promise<{ readonly sealed: readonly number[]; readonly plain: readonly number[] }> {
  const times: { sealed: number[]; plain: number[] } = { sealed: [], plain: [] };
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    const ours = await sealed();
    const between = performance.now();
    const theirs = await plain();
    if (ours === 0 || ours !== theirs) throw new Error(`found ${ours} instead of ${theirs}`);
    times.sealed.push(between - began);
    times.plain.push(performance.now() - between);
  }
  return times;
}
