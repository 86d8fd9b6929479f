import type pg from "pg";

/** A vault of made-up rows, for tests of plans and of size: no envelope in it opens. */
export interface Population {
  /** The first half of the vault's handle. */
  readonly vault: Buffer;
  readonly records: number;
  /** Columns 1 … n of ordered entries; every record has one in column 1, and one in some other. */
  readonly columns: number;
}

/** Fill the tables of a vault, whose row is there, with rows that the database makes up itself. */
export async function populate(client: pg.Client, population: Population): Promise<void> {
  const { vault, records, columns } = population;
  const term = "md5($1::text || n::text || c::text)::uuid";
  await client.query(
    `insert into record (vault, record, handle, revision, source, cell, batch, tombstone, envelope)
      select $1::uuid, n, md5(n::text)::uuid, 1, md5('s')::uuid, md5('c')::uuid, 1, false, convert_to(repeat('x', 900), 'UTF8')
      from generate_series(1, $2::int) as n`,
    [toText(vault), records],
  );
  await client.query(
    `insert into batch (vault, batch, handle, source, number, hash, statement, leaves, records, entries)
      values ($1::uuid, 1, md5('b')::uuid, md5('s')::uuid, 1, '', '', '', 0, 0)`,
    [toText(vault)],
  );
  await client.query(
    `insert into ordered_entry (vault, index_column, term, record, batch)
      select $1::uuid, c, ${term}, n, 1
      from generate_series(1, $2::int) as n
      cross join lateral (select 1 as c union select 1 + n % ($3::int - 1) + 1) as columns`,
    [toText(vault), records, columns],
  );
  await client.query("update vault set records = $2, batches = 1 where vault = $1::uuid", [
    toText(vault),
    records,
  ]);
  await client.query("vacuum analyze record");
  await client.query("vacuum analyze ordered_entry");
}

function toText(vault: Buffer): string {
  return vault.toString("hex");
}
