import type { Bytes } from "@salus/base";
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import pg from "pg";

/** Connections, and the query builder over them. */
export interface Pool<Schema> {
  readonly db: Kysely<Schema>;
  end(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Open a pool of connections.
 *
 * Takes:   `settings`, sent to the server with every connection.
 */
export function openPool<Schema>(options: {
  readonly connection: pg.ClientConfig;
  readonly max: number;
  readonly settings: Readonly<Record<string, string>>;
  readonly onLost: () => void;
}): Pool<Schema> {
  const pool = new pg.Pool({
    ...options.connection,
    max: options.max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    options: Object.entries(options.settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(" "),
    types: { getTypeParser: parserOf },
  });
  // An idle connection that breaks is not needed; the next query opens another. One that breaks in
  // use fails its query, and says so a second time as an event that must have a listener.
  pool.on("error", options.onLost);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const dialect = new PostgresDialect({ pool: prepared(pool) });
  return { db: new Kysely<Schema>({ dialect }), end: () => pool.end() };
}

/**
 * The pool, with every statement prepared once per connection.
 *
 * The program has some dozens of statements, whose lists are arrays: their texts do not vary.
 */
function prepared(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const name = names.get(text) ?? `s${names.size}`;
    names.set(text, name);
    return name;
  };
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      const known = clients.get(client);
      if (known !== undefined) return known;
      const wrapped = {
        query: (text: string, values: unknown[]) =>
          client.query(values.length === 0 ? { text } : { name: nameOf(text), text, values }),
        release: () => client.release(),
      } as unknown as PostgresPoolClient; // Its other form of `query` takes cursors: unused here.
      clients.set(client, wrapped);
      return wrapped;
    },
  };
}

/**
 * How values are read. Byte strings and uuids become plain arrays that share no buffer, numbers
 * numbers: no count here reaches 2^53.
 */
function parserOf(oid: number): (text: string) => unknown {
  return PARSERS[oid] ?? ((text) => text);
}

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === "t",
  17: (text) => readHex(text, 2),
  20: Number,
  21: Number,
  23: Number,
  701: Number,
  1005: readNumbers,
  1007: readNumbers,
  2950: (text) => readHex(text.replaceAll("-", ""), 0),
};

function readHex(text: string, from: number): Bytes {
  const size = (text.length - from) / 2;
  const buffer = Buffer.allocUnsafeSlow(size);
  buffer.write(from === 0 ? text : text.slice(from), "hex");
  return new Uint8Array(buffer.buffer, buffer.byteOffset, size);
}

/** `{1,2,3}`: digits and commas between braces, for an array of naturals. */
function readNumbers(text: string): Uint32Array<ArrayBuffer> {
  let count = text.length > 2 ? 1 : 0;
  for (let at = 1; at < text.length; at += 1) if (text.charCodeAt(at) === COMMA) count += 1;
  const out = new Uint32Array(count);
  let index = 0;
  let value = 0;
  for (let at = 1; at < text.length - 1; at += 1) {
    const code = text.charCodeAt(at);
    if (code === COMMA) {
      out[index] = value;
      index += 1;
      value = 0;
    } else {
      value = value * 10 + code - ZERO;
    }
  }
  if (count > 0) out[index] = value;
  return out;
}

const COMMA = 44;
const ZERO = 48;
