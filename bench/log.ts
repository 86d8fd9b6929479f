import { randomBytes, randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import {
  digest,
  leafHash,
  merkleRoot,
  nodeHash,
  verifyInclusion,
  verifySigned,
} from "@salus/evaluate";
import type { Digest } from "@salus/protocol";
import {
  appendToLog,
  LOG_TABLES,
  type LogEntry,
  type LogSchema,
  LogSigner,
  MerkleLog,
  openPool,
  type Pool,
} from "@salus/service";
import { must } from "@salus/testkit";
import { startDatabase, type TestDatabase } from "@salus/testkit/database";
import type { Figure } from "./figure.ts";
import { quantile } from "./support/scratch-database.ts";

/**
 * The log on PostgreSQL, at 1,000 to 1,000,000 leaves: how many entries get their places in a second, and
 * what proofs cost to make and weigh.
 *
 * Figures:   `log-append-N`: entries written and sequenced in a second at N leaves, beside plain rows in
 *            a table without a tree. `log-inclusion-N`, `log-consistency-N`: the service's time for a
 *            proof, beside making it anew from the hashes of all leaves in memory.
 *            `log-inclusion-bytes-N`, `log-consistency-bytes-N`: beside all N hashes, which it stands for.
 *            `log-verify`: verifications in a second, of a proof in the largest tree.
 * Cannot show: the way over HTTP, and how several processes share one head.
 */
const SIZES = [1000, 10_000, 100_000, 1_000_000];
/** Entries of one transaction; the sequencer takes as many at a time. */
const CHUNK = 2000;
const PROOFS = 300;
const VERIFICATIONS = 20_000;
const OWNERS = Array.from({ length: 50 }, () => Uint8Array.from(randomBytes(16)));

export async function run(): Promise<readonly Figure[]> {
  const database = await startDatabase();
  const { connection } = database.server;
  const pool = openPool<LogSchema>({ connection, max: 4, settings: {}, onLost: () => undefined });
  try {
    for (const statement of LOG_TABLES) await database.client.query(statement);
    await database.client.query("create table plain (n int8 primary key, bytes bytea not null)");
    const signer = new LogSigner(digest());
    const onFault = (error: unknown): void => {
      throw error;
    };
    const log = await MerkleLog.open({ db: pool.db, id: "bench", signer, now: Date.now, onFault });
    const figures: Figure[] = [];
    for (const size of SIZES) figures.push(...(await atSize({ database, pool, log }, size)));
    figures.push(await verifying(log, SIZES.at(-1) as number));
    return figures;
  } finally {
    await pool.end();
    await database.stop();
  }
}

interface Bench {
  readonly database: TestDatabase;
  readonly pool: Pool<LogSchema>;
  readonly log: MerkleLog;
}

async function atSize(bench: Bench, size: number): Promise<readonly Figure[]> {
  const rate = await growTo(bench, size);
  await bench.database.client.query("vacuum analyze");
  const plain = await plainRate(bench);
  const proofs = await proving(bench.log, size, await allHashes(bench));
  // So few chunks are the compiler's and the connection's first.
  if (size < 5 * CHUNK) return proofs;
  return [
    { name: `log-append-${size}`, value: rate, unit: "/s", baseline: plain, ratio: rate / plain },
    ...proofs,
  ];
}

async function sizeOf(log: MerkleLog): Promise<number> {
  return must(verifySigned("checkpoint", await log.checkpoint())).payload.size;
}

/** Gives: entries in a second, of the last twenty chunks. */
async function growTo({ pool, log }: Bench, size: number): Promise<number> {
  const took: number[] = [];
  for (let at = await sizeOf(log); at < size; at += CHUNK) {
    const count = Math.min(CHUNK, size - at);
    const entries = Array.from({ length: count }, (): LogEntry => {
      const owner = OWNERS[randomInt(OWNERS.length)] as Uint8Array<ArrayBuffer>;
      return { kind: "access", of: { owner }, object: Uint8Array.from(randomBytes(32)) };
    });
    const began = performance.now();
    await appendToLog(pool.db, Date.now(), entries);
    await log.settle();
    took.push((performance.now() - began) / count);
  }
  return 1000 / quantile(took.slice(-20), 0.5);
}

/** The same rows without a tree, in the same chunks. */
async function plainRate({ database }: Bench): Promise<number> {
  const took: number[] = [];
  for (let chunk = 0; chunk < 5; chunk += 1) {
    const rows = Array.from({ length: CHUNK }, () => randomBytes(75));
    const began = performance.now();
    await database.client.query(
      `insert into plain select (select coalesce(max(n), 0) from plain) + o, b
        from unnest($1::bytea[]) with ordinality as u (b, o)`,
      [rows],
    );
    took.push((performance.now() - began) / CHUNK);
  }
  return 1000 / quantile(took, 0.5);
}

async function allHashes({ database }: Bench): Promise<readonly Digest[]> {
  const { rows } = await database.client.query<{ bytes: Buffer }>(
    "select bytes from log_leaf order by leaf",
  );
  return rows.map(({ bytes }) => leafHash(bytes));
}

async function proving(
  log: MerkleLog,
  size: number,
  hashes: readonly Digest[],
): Promise<readonly Figure[]> {
  const naive = naiveMs(hashes);
  const figures: Figure[] = [];
  for (const [name, prove] of [
    ["inclusion", () => log.inclusion(randomInt(size), size)],
    ["consistency", () => log.consistency(1 + randomInt(size - 1), size)],
  ] as const) {
    const times: number[] = [];
    const bytes: number[] = [];
    for (let at = 0; at < PROOFS; at += 1) {
      const began = performance.now();
      const { proof } = must(await prove());
      times.push(performance.now() - began);
      bytes.push(32 * proof.length);
    }
    const value = quantile(times.slice(PROOFS / 10), 0.5);
    figures.push(
      { name: `log-${name}-${size}`, value, unit: "ms", baseline: naive, ratio: value / naive },
      {
        ...{ name: `log-${name}-bytes-${size}`, value: Math.max(...bytes), unit: "bytes" },
        ...{ baseline: 32 * size, ratio: Math.max(...bytes) / (32 * size) },
      },
    );
  }
  return figures;
}

/** Every node of the tree, made from the hashes of its leaves: what a proof costs that keeps nothing. */
function naiveMs(hashes: readonly Digest[]): number {
  const took: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const began = performance.now();
    let level: readonly Digest[] = hashes;
    while (level.length > 1) {
      const above: Digest[] = [];
      for (let at = 0; at + 1 < level.length; at += 2) {
        above.push(nodeHash(level[at] as Digest, level[at + 1] as Digest));
      }
      if (level.length % 2 === 1) above.push(level.at(-1) as Digest);
      level = above;
    }
    took.push(performance.now() - began);
  }
  return quantile(took, 0.5);
}

async function verifying(log: MerkleLog, size: number): Promise<Figure> {
  const head = must(verifySigned("checkpoint", await log.checkpoint())).payload;
  const index = randomInt(size);
  const { proof } = must(await log.inclusion(index, head.size));
  const [bytes] = (await log.leaves(index)).leaves;
  if (bytes === undefined) throw new Error("there is a leaf");
  const leaf = leafHash(bytes);
  const began = performance.now();
  for (let at = 0; at < VERIFICATIONS; at += 1) must(verifyInclusion(head, index, leaf, proof));
  const value = (1000 * VERIFICATIONS) / (performance.now() - began);
  const some = [bytes, bytes];
  const again = performance.now();
  for (let at = 0; at < VERIFICATIONS; at += 1) merkleRoot(some);
  const baseline = (1000 * VERIFICATIONS) / (performance.now() - again);
  return { name: "log-verify", value, unit: "/s", baseline, ratio: value / baseline };
}
