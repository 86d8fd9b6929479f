import { createHash } from "node:crypto";
import type { Choice } from "../oracle/random.ts";

/** A row as the database driver gives it: handles are texts, byte strings are buffers. */
export type Row = Readonly<Record<string, unknown>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** One way to tamper with the stored rows of a vault. */
export interface Tampering {
  readonly name: string;
  /** The tables that are changed, with all their rows; the same rows when there is nothing to change. */
  change(all: Tables, choice: Choice): Tables;
}

type Change = (rows: readonly Row[], choice: Choice, all: Tables) => readonly Row[];

const within = (table: string, name: string, change: Change): Tampering => ({
  name,
  change: (all, choice) => ({ [table]: change(all[table] ?? [], choice, all) }),
});

/** Do something to one row, chosen at random: put others in its place. */
const one =
  (what: (row: Row, choice: Choice, all: Tables) => readonly Row[]): Change =>
  (rows, choice, all) => {
    if (rows.length === 0) return rows;
    const at = choice.below(rows.length);
    const put = what(rows[at] as Row, choice, all);
    return [...rows.slice(0, at), ...put, ...rows.slice(at + 1)];
  };

/** The same bytes or handle, but for one bit. */
function flipped(value: unknown, choice: Choice): unknown {
  const bytes = Buffer.isBuffer(value)
    ? Buffer.from(value)
    : Buffer.from(String(value).replaceAll("-", ""), "hex");
  const at = choice.below(bytes.length);
  bytes[at] = (bytes[at] as number) ^ (1 << choice.below(8));
  return Buffer.isBuffer(value) ? bytes : bytes.toString("hex");
}

const flip = (table: string, column: string): Tampering =>
  within(
    table,
    `flip a bit of ${table}.${column}`,
    one((row, choice) => [{ ...row, [column]: flipped(row[column], choice) }]),
  );

const TAGS = 3;

/** A tag list has no attribute: that of its column is the cloud's own bookkeeping, and no reader's. */
const flipAttribute: Tampering = within(
  "index_column",
  "flip a bit of index_column.attribute",
  one((row, choice) => [
    row.kind === TAGS ? row : { ...row, attribute: flipped(row.attribute, choice) },
  ]),
);

const cut = (table: string, column: string): Tampering =>
  within(
    table,
    `cut ${table}.${column} short`,
    one((row, choice) => {
      const bytes = row[column] as Buffer;
      return [{ ...row, [column]: bytes.subarray(0, choice.below(bytes.length)) }];
    }),
  );

const drop = (table: string): Tampering =>
  within(
    table,
    `delete a row of ${table}`,
    one(() => []),
  );

/** Exchange columns between two rows. */
const swap = (table: string, ...columns: readonly string[]): Tampering =>
  within(table, `exchange ${columns.join(" and ")} of two rows of ${table}`, (rows, choice) => {
    if (rows.length < 2) return rows;
    const [here, there] = [choice.below(rows.length), choice.below(rows.length)];
    const [a, b] = [rows[here] as Row, rows[there] as Row];
    const take = (row: Row, from: Row): Row => ({
      ...row,
      ...Object.fromEntries(columns.map((column) => [column, from[column]])),
    });
    return rows.map((row, at) => (at === here ? take(row, b) : at === there ? take(row, a) : row));
  });

/** Have a row belong to another record, batch or column than its own. */
const repoint = (table: string, column: string, target: string): Tampering =>
  within(
    table,
    `give a row of ${table} to another ${column}`,
    one((row, choice, all) => [{ ...row, [column]: choice.of(all[target] ?? [row])[column] }]),
  );

/** Add a row that is like another but for one column. */
const copy = (table: string, column: string): Tampering =>
  within(
    table,
    `add a row to ${table} with another ${column}`,
    one((row, choice, all) => {
      const value =
        typeof row[column] === "number"
          ? choice.of(all.record ?? [row])[column]
          : flipped(row[column], choice);
      return [row, { ...row, [column]: value }];
    }),
  );

const raise = (table: string, column: string): Tampering =>
  within(
    table,
    `raise ${table}.${column}`,
    one((row) => [{ ...row, [column]: Number(row[column]) + 1 }]),
  );

/** Take away the newest batch of a source. */
const dropNewestBatch: Tampering = within("batch", "delete the newest batch", (rows, choice) => {
  if (rows.length === 0) return rows;
  const { source } = choice.of(rows);
  const mine = rows.filter((row) => row.source === source);
  const newest = Math.max(...mine.map((row) => Number(row.number)));
  return rows.filter((row) => row.source !== source || Number(row.number) !== newest);
});

/** Take away the newest links, and have the vault say that the chain ends before them. */
const shortenChain: Tampering = {
  name: "delete the newest links",
  change: (all, choice) => {
    const links = [...(all.link ?? [])].sort((a, b) => Number(a.seq) - Number(b.seq));
    const kept = links.slice(0, 1 + choice.below(links.length - 1));
    const last = kept.at(-1) as Row;
    const head_hash = createHash("sha256")
      .update(last.bytes as Buffer)
      .digest();
    const vault = (all.vault ?? []).map((row) => ({ ...row, head_seq: last.seq, head_hash }));
    return { link: kept, vault };
  },
};

/** Everything that a malicious administrator could do to one row of what readers rely on. */
export const TAMPERINGS: readonly Tampering[] = [
  flip("link", "bytes"),
  cut("link", "bytes"),
  swap("link", "bytes"),
  drop("link"),
  shortenChain,
  flip("batch", "statement"),
  cut("batch", "statement"),
  swap("batch", "statement"),
  flip("batch", "leaves"),
  cut("batch", "leaves"),
  swap("batch", "leaves"),
  drop("batch"),
  dropNewestBatch,
  flip("batch_wrap", "enc"),
  flip("batch_wrap", "ct"),
  swap("batch_wrap", "enc", "ct"),
  drop("batch_wrap"),
  flip("record", "envelope"),
  cut("record", "envelope"),
  swap("record", "envelope"),
  swap("record", "handle"),
  flip("record", "handle"),
  drop("record"),
  raise("record", "revision"),
  repoint("record", "batch", "batch"),
  flip("ordered_entry", "term"),
  swap("ordered_entry", "term"),
  drop("ordered_entry"),
  copy("ordered_entry", "term"),
  copy("ordered_entry", "record"),
  repoint("ordered_entry", "record", "record"),
  repoint("ordered_entry", "batch", "batch"),
  repoint("ordered_entry", "index_column", "index_column"),
  flip("sealed_entry", "half"),
  swap("sealed_entry", "half"),
  drop("sealed_entry"),
  copy("sealed_entry", "record"),
  repoint("sealed_entry", "record", "record"),
  flip("tag_list", "tags"),
  cut("tag_list", "tags"),
  swap("tag_list", "tags"),
  drop("tag_list"),
  repoint("tag_list", "record", "record"),
  flip("index_column", "place"),
  flipAttribute,
  swap("index_column", "attribute"),
  drop("index_column"),
];

/** The tables that readers rely on. */
export const TABLES: readonly string[] = [
  ...["vault", "link", "batch", "batch_wrap", "record"],
  ...["index_column", "ordered_entry", "sealed_entry", "tag_list"],
];
