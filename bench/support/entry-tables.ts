import { randomBytes, randomInt } from "node:crypto";
import { Key, OrderedMap } from "@salus/crypto";
import { int4Array, int8Array, uuidArray } from "@salus/service";
import type pg from "pg";

/**
 * The cloud's table of ordered entries and, beside it, the same table with the plain value as a
 * `bigint` where the term stands: same key, same further columns, same order of loading.
 */
export const VAULT = "00112233-4455-6677-8899-aabbccddeeff";
export const BITS = 16;

const PLAIN_TABLE = `create table if not exists plain_entry (
  vault uuid not null, index_column int4 not null, value int8 not null,
  record int4 not null, batch int4 not null,
  primary key (vault, index_column, value, record))`;
const PLAIN_BY_RECORD =
  "create index if not exists plain_entry_by_record on plain_entry (vault, record)";

/** One column loaded in both tables, and its values in their order. */
export interface LoadedColumn {
  readonly terms: readonly Uint8Array[];
  readonly values: readonly number[];
}

/**
 * Load `count` entries into one column of both tables, in arrival order.
 *
 * The plain value is (code, random low bits), so both columns have distinct keys of equal rank
 * structure and a range can be cut at any rank.
 */
export async function loadColumn(
  client: pg.Client,
  column: number,
  count: number,
): Promise<LoadedColumn> {
  await client.query(PLAIN_TABLE);
  await client.query(PLAIN_BY_RECORD);
  const key = new Key("ordered-map", randomBytes(32));
  const map = new OrderedMap(key, { bits: BITS, profile: "private" });
  const codes = Float64Array.from({ length: count }, () => randomInt(1, 2 ** BITS - 1));
  const encrypted = map.encryptMany(codes);
  if (!encrypted.ok) throw new Error("bug: a random code is in the domain");
  const terms = Array.from(codes, (_, at) => encrypted.value.subarray(16 * at, 16 * at + 16));
  const values = Array.from(codes, (code) => code * 2 ** 31 + randomInt(2 ** 31));
  const CHUNK = 20_000;
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK);
    const records = int4Array(Array.from({ length: to - from }, (_, at) => from + at));
    await client.query(
      `insert into ordered_entry (vault, index_column, term, record, batch)
       select $1, $2, term, record, 1 from unnest($3::uuid[], $4::int4[]) as e (term, record)`,
      [VAULT, column, uuidArray(terms.slice(from, to)), records],
    );
    await client.query(
      `insert into plain_entry (vault, index_column, value, record, batch)
       select $1, $2, value, record, 1 from unnest($3::int8[], $4::int4[]) as e (value, record)`,
      [VAULT, column, int8Array(values.slice(from, to)), records],
    );
  }
  terms.sort(Buffer.compare);
  values.sort((a, b) => a - b);
  return { terms, values };
}

export const ENCRYPTED_RANGE = `select record from ordered_entry
  where vault = $1 and index_column = $2 and term > $3 and term < $4 order by term`;
export const PLAIN_RANGE = `select record from plain_entry
  where vault = $1 and index_column = $2 and value > $3 and value < $4 order by value`;

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
