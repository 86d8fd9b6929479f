import { compareBytes } from "@salus/base";
import {
  boolArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  openPool,
  uuidArray,
} from "@salus/service";
import { SERVERS, startDatabase, type TestDatabase } from "@salus/testkit/database";
import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: the database orders terms as the cloud's clients do, and takes and gives values unchanged.
// Method: random terms that share long beginnings, sorted by bytes, by integer and by the database;
// every array written in binary and read back as text.

const bytes = (size: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: size, maxLength: size });

/** Terms that differ late, or in the highest bit, where a signed comparison would turn them round. */
const term = fc.oneof(
  bytes(16),
  fc.tuple(fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.nat(255)).map(([fill, last]) => {
    const out = new Uint8Array(16).fill(fill);
    out[15] = last;
    return out;
  }),
);

describe.each(SERVERS)("on %s", (_, binaries) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase(binaries);
  });
  afterAll(() => database.stop());

  it("uuid order, byte order and integer order are one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(term, { minLength: 2, maxLength: 40 }), async (terms) => {
        const { rows } = await database.client.query(
          `select array_agg(t::text order by t) as sorted, array_agg(t::text order by b) as bytes
            from unnest($1::uuid[], $2::bytea[]) as u (t, b)`,
          [uuidArray(terms), byteaArray(terms)],
        );
        const integer = (one: Uint8Array): bigint =>
          BigInt(`0x${Buffer.from(one).toString("hex")}`);
        const byInteger = terms.toSorted((a, b) => (integer(a) < integer(b) ? -1 : 1));
        const byBytes = terms.toSorted(compareBytes);
        const names = (list: readonly Uint8Array[]): string[] =>
          list.map((one) => Buffer.from(one).toString("hex"));
        const read = (list: readonly string[]): string[] =>
          list.map((one) => one.replaceAll("-", ""));
        expect(read(rows[0].sorted)).toEqual(names(byBytes));
        expect(read(rows[0].bytes)).toEqual(names(byBytes));
        expect(names(byInteger)).toEqual(names(byBytes));
      }),
      { numRuns: 40 },
    );
  });

  it("arrays arrive as they were sent", async () => {
    const numbers = (min: number, max: number): fc.Arbitrary<number[]> =>
      fc.array(fc.integer({ min, max }), { maxLength: 20 });
    const lists = fc.record({
      int2: numbers(-0x8000, 0x7fff),
      int4: numbers(-0x8000_0000, 0x7fff_ffff),
      int8: numbers(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      bool: fc.array(fc.boolean(), { maxLength: 20 }),
      bytea: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }),
      uuid: fc.array(bytes(16), { maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(lists, async ({ int2, int4, int8, bool, bytea, uuid }) => {
        const { rows } = await database.client.query(
          `select $1::int2[]::text[] as int2, $2::int4[]::text[] as int4, $3::int8[]::text[] as int8,
            $4::bool[]::text[] as bool, $5::bytea[] as bytea, $6::uuid[]::text[] as uuid`,
          [
            ...[int2Array(int2), int4Array(int4), int8Array(int8), boolArray(bool)],
            ...[byteaArray(bytea), uuidArray(uuid)],
          ],
        );
        const [row] = rows;
        expect(row.int2).toEqual(int2.map(String));
        expect(row.int4).toEqual(int4.map(String));
        expect(row.int8).toEqual(int8.map(String));
        expect(row.bool).toEqual(bool.map(String));
        expect(row.bytea.map((one: Buffer) => Uint8Array.from(one))).toEqual(bytea);
        const hex = row.uuid.map((one: string) => one.replaceAll("-", ""));
        expect(hex).toEqual(uuid.map((one) => Buffer.from(one).toString("hex")));
      }),
      { numRuns: 30 },
    );
  });

  it("values are read as what they are", async () => {
    const pool = openPool({
      connection: database.server.connection,
      max: 1,
      settings: {},
      onLost: () => undefined,
    });
    const { rows } = await sql`select ${7}::int4 as int4, ${9007199254740991}::int8 as int8,
      true as bool, '\\x00ff'::bytea as bytea, ''::bytea as empty, array[3, 1, 2] as numbers,
      '{}'::int4[] as none, '00112233-4455-6677-8899-aabbccddeeff'::uuid as uuid`.execute(pool.db);
    expect(rows).toEqual([
      {
        ...{ int4: 7, int8: 9007199254740991, bool: true, bytea: Uint8Array.of(0, 255) },
        ...{ empty: new Uint8Array(), numbers: Uint32Array.of(3, 1, 2), none: new Uint32Array() },
        uuid: Uint8Array.from({ length: 16 }, (_, at) => at * 17),
      },
    ]);
    const [row] = rows as { bytea: Uint8Array }[];
    expect(row?.bytea.buffer.byteLength).toBe(2);
    await pool.end();
  });
});
