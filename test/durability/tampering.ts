import type { Choice } from "../oracle/random.ts";

/** A row as the database driver gives it: handles are texts, byte strings are buffers. */
export type Row = Readonly<Record<string, unknown>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** One way to tamper with the stored rows of a vault. */
export interface Tampering {
  readonly name: string;
  readonly table: string;
  /** The rows of the table afterwards; the same list when there was nothing to change. */
  change(rows: readonly Row[], choice: Choice, all: Tables): readonly Row[];
}

/** Do something to one row, chosen at random: put others in its place. */
const one =
  (what: (row: Row, choice: Choice, all: Tables) => readonly Row[]) =>
  (rows: readonly Row[], choice: Choice, all: Tables): readonly Row[] => {
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

const flip = (table: string, column: string): Tampering => ({
  name: `flip a bit of ${table}.${column}`,
  table,
  change: one((row, choice) => [{ ...row, [column]: flipped(row[column], choice) }]),
});

const cut = (table: string, column: string): Tampering => ({
  name: `cut ${table}.${column} short`,
  table,
  change: one((row, choice) => {
    const bytes = row[column] as Buffer;
    return [{ ...row, [column]: bytes.subarray(0, choice.below(bytes.length)) }];
  }),
});

const drop = (table: string): Tampering => ({
  name: `delete a row of ${table}`,
  table,
  change: one(() => []),
});

/** Exchange columns between two rows. */
const swap = (table: string, ...columns: readonly string[]): Tampering => ({
  name: `exchange ${columns.join(" and ")} of two rows of ${table}`,
  table,
  change: (rows, choice) => {
    if (rows.length < 2) return rows;
    const [here, there] = [choice.below(rows.length), choice.below(rows.length)];
    const [a, b] = [rows[here] as Row, rows[there] as Row];
    const take = (row: Row, from: Row): Row => ({
      ...row,
      ...Object.fromEntries(columns.map((column) => [column, from[column]])),
    });
    return rows.map((row, at) => (at === here ? take(row, b) : at === there ? take(row, a) : row));
  },
});

/** Have a row belong to another record, batch or column than its own. */
const repoint = (table: string, column: string, target: string): Tampering => ({
  name: `give a row of ${table} to another ${column}`,
  table,
  change: one((row, choice, all) => [
    { ...row, [column]: choice.of(all[target] ?? [row])[column] },
  ]),
});

/** Add a row that is like another but for one column. */
const copy = (table: string, column: string): Tampering => ({
  name: `add a row to ${table} with another ${column}`,
  table,
  change: one((row, choice, all) => {
    const value =
      typeof row[column] === "number"
        ? choice.of(all.record ?? [row])[column]
        : flipped(row[column], choice);
    return [row, { ...row, [column]: value }];
  }),
});

const set = (table: string, column: string, value: (row: Row) => unknown): Tampering => ({
  name: `change ${table}.${column}`,
  table,
  change: one((row) => [{ ...row, [column]: value(row) }]),
});

/** Take away the newest row of an append-only list, or the newest of one source. */
const behead = (table: string, column: string, within?: string): Tampering => ({
  name: `delete the newest row of ${table}`,
  table,
  change: (rows, choice) => {
    if (rows.length === 0) return rows;
    const group = within === undefined ? undefined : choice.of(rows)[within];
    const mine = rows.filter((row) => within === undefined || row[within] === group);
    const newest = Math.max(...mine.map((row) => Number(row[column])));
    return rows.filter((row) => !(mine.includes(row) && Number(row[column]) === newest));
  },
});

/** Everything that a malicious administrator could do to one row of what readers rely on. */
export const TAMPERINGS: readonly Tampering[] = [
  flip("link", "bytes"),
  cut("link", "bytes"),
  swap("link", "bytes"),
  drop("link"),
  behead("link", "seq"),
  flip("batch", "statement"),
  cut("batch", "statement"),
  swap("batch", "statement"),
  flip("batch", "leaves"),
  cut("batch", "leaves"),
  swap("batch", "leaves"),
  drop("batch"),
  behead("batch", "number", "source"),
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
  set("record", "revision", (row) => Number(row.revision) + 1),
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
  flip("index_column", "attribute"),
  swap("index_column", "attribute"),
  drop("index_column"),
];
