import type pg from "pg";

/** What the keys of a schema's tables begin with. */
export interface Leads {
  /** The first column of every key and index of most tables. */
  readonly column: string;
  /** Tables whose keys begin with another one, and that column; their indexes are free. */
  readonly except: Readonly<Record<string, string>>;
}

interface Rule {
  readonly what: string;
  /** Gives one row for each breach, with its name in `name`. */
  readonly sql: string;
}

const OURS = "n.nspname = 'public'";

/** What the schema may not have, so that it runs on a database that is spread over machines. */
const RULES: readonly Rule[] = [
  {
    what: "a table without primary key",
    sql: `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and c.relkind in ('r', 'p') and not exists
        (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')`,
  },
  {
    what: "a trigger",
    sql: `select t.tgname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace where ${OURS} and not t.tgisinternal`,
  },
  {
    what: "a sequence, view, materialised view or foreign table",
    sql: `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and c.relkind in ('S', 'v', 'm', 'f')`,
  },
  {
    what: "a default or generated column",
    sql: `select c.relname || '.' || a.attname as name from pg_attribute a
      join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and a.attnum > 0 and (a.atthasdef or a.attidentity <> '' or a.attgenerated <> '')`,
  },
  {
    what: "an exclusion, deferrable or foreign-key constraint",
    sql: `select k.conname as name from pg_constraint k
      join pg_namespace n on n.oid = k.connamespace
      where ${OURS} and (k.contype in ('x', 'f') or k.condeferrable)`,
  },
  {
    what: "a function",
    sql: `select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${OURS}`,
  },
  {
    what: "an index that is partial, on an expression, or no B-tree",
    sql: `select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace join pg_am m on m.oid = c.relam
      where ${OURS} and (i.indpred is not null or i.indexprs is not null or m.amname <> 'btree')`,
  },
  {
    what: "a type of our own",
    sql: `select t.typname as name from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where ${OURS} and t.typtype in ('e', 'd', 'r')`,
  },
];

/** First columns of every key and index. */
const KEYS = `select t.relname as table, c.relname as index, i.indisunique as unique,
    a.attname as first, i.indisprimary as primary
  from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
  join pg_namespace n on n.oid = t.relnamespace
  join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
  where ${OURS} and t.relkind in ('r', 'p')`;

/** Every breach of the portable subset in the schema of a database, as `what: name`. */
export async function breachesIn(client: pg.Client, leads: Leads): Promise<readonly string[]> {
  const breaches: string[] = [];
  for (const { what, sql } of RULES) {
    const { rows } = await client.query<{ name: string }>(sql);
    breaches.push(...rows.map(({ name }) => `${what}: ${name}`));
  }
  const { rows } = await client.query<{
    readonly table: string;
    readonly index: string;
    readonly first: string;
    readonly primary: boolean;
    readonly unique: boolean;
  }>(KEYS);
  for (const { table, index, first, primary, unique } of rows) {
    const lead = leads.except[table] ?? leads.column;
    const bound = primary || unique || leads.except[table] === undefined;
    if (bound && first !== lead) breaches.push(`a key that ${lead} does not lead: ${index}`);
  }
  return breaches;
}
