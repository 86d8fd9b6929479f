import { performance } from "node:perf_hooks";
import { type Caller, type Cloud, httpCloud } from "@salus/client";
import { drawKey, KemPair, sealTrail } from "@salus/crypto";
import { type GrantHandle, type Query, TRAIL_QUERY_BYTES_MAX } from "@salus/protocol";
import {
  must,
  newPatient,
  newSource,
  pressure,
  readerOf,
  somebody,
  startCloudProcess,
  type TestPatient,
  vaultOf,
} from "@salus/testkit";
import type { Figure } from "./figure.ts";
import { quantile } from "./support/scratch-database.ts";

/**
 * What it costs a search that the patient is told of it: sealing the entry, and writing it and its log
 * entry to disk before the answer goes out.
 *
 * Figures:   `access-query-p50`: a range query with 25 candidates under a grant, from signing to the
 *            decoded answer, beside the same by the owner, which leaves nothing behind; in turns.
 *            `trail-seal-p50`: sealing one entry.
 * Cannot show: a network, or a disk that is slower than this machine's.
 */
const QUERIES = 300;
const WARM = 30;
const RECORDS = 400;

export async function run(): Promise<readonly Figure[]> {
  const server = await startCloudProcess();
  try {
    return [await querying(httpCloud(server.url)), await sealing()];
  } finally {
    await server.stop();
  }
}

async function querying(cloud: Cloud): Promise<Figure> {
  const owner = await newPatient(cloud);
  const source = await newSource(cloud, owner, "org-a", ["vitals"]);
  const vault = await vaultOf(source, owner.vault);
  const records = Array.from({ length: RECORDS }, (_, at) => pressure(`p${at}`, 80 + (at % 120)));
  must(await vault.upload(records.map((resource) => ({ resource }))));
  const reader = await somebody();
  const order = { sources: "all", categories: "all", expires: Date.now() + 3_600_000 } as const;
  must(await owner.patient.grant({ ...order, grantee: reader.identity.card }));
  const asked = [await heard(cloud, owner, reader), await heard(cloud, owner, owner)] as const;
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < QUERIES + WARM; round += 1) {
    for (const [at, { caller, query }] of asked.entries()) {
      const began = performance.now();
      must(await cloud.query(caller, owner.vault, query));
      if (round >= WARM) times[at]?.push(performance.now() - began);
    }
  }
  const [value, baseline] = times.map((sample) => quantile(sample, 0.5)) as [number, number];
  return { name: "access-query-p50", value, unit: "ms", baseline, ratio: value / baseline };
}

/** What a search of somebody's sends. */
async function heard(
  cloud: Cloud,
  { vault }: TestPatient,
  who: Parameters<typeof readerOf>[1],
): Promise<{ readonly caller: Caller; readonly query: Query }> {
  let found: { readonly caller: Caller; readonly query: Query } | undefined;
  const listening: Cloud = {
    ...cloud,
    query: (caller, of, query) => {
      found = { caller, query: { ...query, limit: 25 } };
      return cloud.query(caller, of, query);
    },
  };
  const reader = await readerOf(listening, who);
  const answer = must(
    await reader.search("Observation?code=8480-6&value-quantity=gt150", { vaults: [vault] }),
  );
  for await (const _ of answer);
  if (found === undefined) throw new Error("a search asks");
  return found;
}

async function sealing(): Promise<Figure> {
  const to = new KemPair(drawKey("kem-seed"), 2);
  const place = { vault: new Uint8Array(32), grant: new Uint8Array(16) };
  const said = { action: "search", query: "q".repeat(TRAIL_QUERY_BYTES_MAX), name: "n", node: "w" };
  const times: number[] = [];
  for (let at = 0; at < QUERIES; at += 1) {
    const began = performance.now();
    await sealTrail(to, place as { vault: TestPatient["vault"]; grant: GrantHandle }, {
      ...said,
      action: "search",
      checkpoint: new Uint8Array(220),
    });
    times.push(performance.now() - began);
  }
  const value = quantile(times.slice(WARM), 0.5);
  return { name: "trail-seal-p50", value, unit: "ms", baseline: null, ratio: null };
}
