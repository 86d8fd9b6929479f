import { LOG_LEADS, migrate, openDatabase } from "@salus/service";
import {
  breachesIn,
  type Leads,
  SERVERS,
  startDatabase,
  type TestDatabase,
} from "@salus/testkit/database";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MIGRATIONS } from "../src/migrations/migrations.ts";

// Goal: the schema stays inside the subset that every PostgreSQL and its distributed kin can run, is
// made step by step whatever interrupts it, and is left alone by a program that is too old for it.
// Method: read the catalogue of the migrated schema; plant each breach and see it named.

const LEADS: Leads = {
  column: "vault",
  except: {
    ...LOG_LEADS,
    cloud: "name",
    migration: "version",
    // What is asked across vaults, by the value that it is asked by.
    key_role: "key",
    certificate: "subject",
    provider_statement: "place",
    nonce: "signer",
  },
};

describe.each(SERVERS)("on %s", (_, binaries) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase(binaries);
  });
  afterAll(() => database.stop());
  beforeEach(async () => {
    await database.client.query("drop schema public cascade");
    await database.client.query("create schema public");
    await migrate(database.client, MIGRATIONS, 1);
  });

  it("the schema has no breach", async () => {
    expect(await breachesIn(database.client, LEADS)).toEqual([]);
  });

  it.each([
    ["create table planted (vault uuid)", "a table without primary key: planted"],
    ["create table planted (n int primary key)", "a key that vault does not lead: planted_pkey"],
    ["create index planted on record (handle)", "a key that vault does not lead: planted"],
    [
      "create unique index planted on certificate (issuer)",
      "a key that subject does not lead: planted",
    ],
    ["create sequence planted", "a sequence, view, materialised view or foreign table: planted"],
    [
      "create materialized view planted as select 1",
      "a sequence, view, materialised view or foreign table: planted",
    ],
    ["alter table link alter seq set default 1", "a default or generated column: link.seq"],
    [
      "alter table link add constraint planted foreign key (vault) references vault",
      "an exclusion, deferrable or foreign-key constraint: planted",
    ],
    [
      "alter table link add constraint planted unique (vault, bytes) deferrable",
      "an exclusion, deferrable or foreign-key constraint: planted",
    ],
    ["create function planted() returns int language sql as 'select 1'", "a function: planted"],
    [
      "create index planted on record (vault) where tombstone",
      "an index that is partial, on an expression, or no B-tree: planted",
    ],
    [
      "create index planted on record using hash (vault)",
      "an index that is partial, on an expression, or no B-tree: planted",
    ],
    ["create type planted as enum ('a')", "a type of our own: planted"],
  ])("the catalogue test catches: %s", async (statement, breach) => {
    await database.client.query(statement);
    expect(await breachesIn(database.client, LEADS)).toContain(breach);
  });

  it("the catalogue test catches a trigger", async () => {
    await database.client.query(
      "create function planted() returns trigger language plpgsql as 'begin return new; end'",
    );
    await database.client.query(
      "create trigger planted before insert on link for each row execute function planted()",
    );
    expect(await breachesIn(database.client, LEADS)).toContain("a trigger: planted");
  });

  it("a step that was interrupted anywhere is finished by the next start", async () => {
    const [first] = MIGRATIONS;
    if (first === undefined) throw new Error("there is a first migration");
    for (const cut of [0, 1, 5, first.statements.length]) {
      await database.client.query("drop schema public cascade");
      await database.client.query("create schema public");
      for (const statement of first.statements.slice(0, cut)) {
        await database.client.query(statement);
      }
      await migrate(database.client, MIGRATIONS, 1);
      expect(await breachesIn(database.client, LEADS)).toEqual([]);
    }
  });

  it("several programs migrate at once", async () => {
    await database.client.query("drop schema public cascade");
    await database.client.query("create schema public");
    const onEvent = (): void => undefined;
    const open = {
      ...{ service: "cloud", migrations: MIGRATIONS },
      ...{ url: database.url, folder: "unused", onEvent },
    };
    const opened = await Promise.all([openDatabase(open), openDatabase(open), openDatabase(open)]);
    for (const one of opened) await one.close();
    const { rows } = await database.client.query("select version from migration");
    expect(rows).toEqual(MIGRATIONS.map(({ version }) => ({ version })));
  });

  it("a database of a later program is refused and left as it is", async () => {
    await database.client.query("insert into migration values (999, 1)");
    const before = await database.client.query("select * from migration order by version");
    await expect(migrate(database.client, MIGRATIONS, 2)).rejects.toMatchObject({
      kind: "newer-database",
    });
    const after = await database.client.query("select * from migration order by version");
    expect(after.rows).toEqual(before.rows);
  });

  it("a database that may lose what it acknowledged is refused", async () => {
    const open = {
      ...{ service: "cloud", migrations: MIGRATIONS },
      ...{ url: database.url, folder: "unused", onEvent: () => undefined },
    };
    await database.client.query("alter database salus set synchronous_commit = off");
    await expect(openDatabase(open)).rejects.toMatchObject({ kind: "unsafe-database" });
    await database.client.query("alter database salus reset synchronous_commit");
    await (await openDatabase(open)).close();
  });

  it("envelopes are not compressed", async () => {
    const { rows } = await database.client.query(
      `select attname from pg_attribute where attstorage = 'e' and attrelid::regclass::text
        in ('record', 'link', 'tag_list') order by 1`,
    );
    expect(rows.map(({ attname }) => attname)).toEqual(["bytes", "envelope", "tags"]);
  });
});
