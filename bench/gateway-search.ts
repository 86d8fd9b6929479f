import { ChainCache, type Cloud, httpCloud, type Resource } from "@salus/client";
import { type RunningGateway, startGateway, VaultWorld } from "@salus/gateway";
import { CATEGORIES } from "@salus/health";
import { must, newPatient, newSource, startCloudProcess, vaultOf } from "@salus/testkit";
import type pg from "pg";
import type { Figure } from "./figure.ts";
import { recordsOf } from "./support/one-patient.ts";
import { openScratchDatabase, quantile } from "./support/scratch-database.ts";

/**
 * What a program waits for that asks a gateway by FHIR over HTTP, of a vault of 10,000 records: the whole
 * answer, opened, verified and in order; beside the same question over the same records in the clear, in
 * indexed columns of PostgreSQL, from the statement to parsed JSON; in turns.
 *
 * Figures:   `gateway-search-sorted-p50`: a code, a date, and the newest 20 by date.
 *            `gateway-search-quantity-p50`: a code and a value, 20 in any order.
 *            `gateway-search-name-p50`: one record by its id.
 *            `gateway-everything-2000`: `$everything` of a patient who has 2,000 records, in four pages.
 * Cannot show: a network; a first question, which unwraps the keys of the batches that it meets.
 */
const RECORDS = 10_000;
const ALL = 2000;
const PART = 500;
const QUERIES = 100;
const WARM = 10;
const ROUNDS = 5;

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
  const opened: RunningGateway[] = [];
  const gatewayOf = async (records: readonly Resource[]): Promise<RunningGateway> => {
    const gateway = await serve(httpCloud(server.url), records);
    opened.push(gateway);
    return gateway;
  };
  try {
    const records = recordsOf(RECORDS);
    await fill(database.client, records);
    const { base } = await gatewayOf(records);
    const figures: Figure[] = [];
    for (const question of QUESTIONS) figures.push(await beside(base, database.client, question));
    const fewer = await gatewayOf(recordsOf(ALL));
    return [...figures, await everything(fewer.base, database.client)];
  } finally {
    for (const gateway of opened) await gateway.close();
    await server.stop();
    await database.close();
  }
}

/** A gateway of a patient, in whose vault a hospital has written. */
async function serve(cloud: Cloud, records: readonly Resource[]): Promise<RunningGateway> {
  const { identity, store, ...owner } = await newPatient(cloud);
  const source = await newSource(cloud, { identity, store, ...owner }, "org", CATEGORIES);
  const vault = await vaultOf(source, owner.vault);
  for (let at = 0; at < records.length; at += PART) {
    const part = records.slice(at, at + PART).map((resource) => ({ resource }));
    must(await vault.upload(part));
  }
  const world = new VaultWorld({ cloud, chains: new ChainCache(), reader: { identity, store } });
  must(await world.look());
  return must(await startGateway({ world, log: { write: () => undefined } }));
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

async function beside(base: string, client: pg.Client, question: Question): Promise<Figure> {
  const times = await inTurns(
    () => firstOf(`${base}/${question.query}`),
    () => rowsOf(client, question.sql, question.values),
    QUERIES + WARM,
  );
  const value = quantile(times.sealed.slice(WARM), 0.5);
  const baseline = quantile(times.plain.slice(WARM), 0.5);
  const name = `gateway-search-${question.name}-p50`;
  return { name, value, unit: "ms", baseline, ratio: value / baseline };
}

async function everything(base: string, client: pg.Client): Promise<Figure> {
  const times = await inTurns(
    () => allOf(`${base}/Patient/one/$everything?_count=${PART}`),
    () => rowsOf(client, `select body from plain_record limit ${ALL}`, []),
    ROUNDS,
  );
  const value = quantile(times.sealed, 0.5);
  const baseline = quantile(times.plain, 0.5);
  const name = `gateway-everything-${ALL}`;
  return { name, value, unit: "ms", baseline, ratio: value / baseline };
}

interface Page {
  readonly entry?: readonly unknown[];
  readonly link: readonly { readonly relation: string; readonly url: string }[];
}

async function pageAt(url: string): Promise<Page> {
  return (await (await fetch(url)).json()) as Page;
}

async function firstOf(url: string): Promise<number> {
  return (await pageAt(url)).entry?.length ?? 0;
}

async function allOf(url: string): Promise<number> {
  let found = 0;
  for (let next: string | undefined = url; next !== undefined; ) {
    const page: Page = await pageAt(next);
    found += page.entry?.length ?? 0;
    next = page.link.find(({ relation }) => relation === "next")?.url;
  }
  return found;
}

async function rowsOf(client: pg.Client, sql: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await client.query(sql, [...values]);
  return rows.map(({ body }) => JSON.parse(body)).length;
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
