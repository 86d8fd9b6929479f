import {
  breachesIn,
  type Leads,
  SERVERS,
  startDatabase,
  type TestDatabase,
} from "@salus/testkit/database";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

// Goal: the judge of schemas, which every service's has to pass, sees each breach that there is.
// Method: plant one at a time in a small schema that has none.

const SCHEMA = `
  create table folder (folder uuid primary key);
  create table sheet (folder uuid not null, seq int4 not null, handle uuid not null, gone bool not null,
    primary key (folder, seq));
  create table seal (subject bytea primary key, issuer bytea not null)`;
const LEADS: Leads = { column: "folder", except: { seal: "subject" } };

describe.each(SERVERS)("on %s", (_, binaries) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase(binaries);
    await database.client.query(SCHEMA);
  });
  afterAll(() => database.stop());
  beforeEach(() => database.client.query("begin"));
  afterEach(() => database.client.query("rollback"));

  it("a schema without a breach has none", async () => {
    expect(await breachesIn(database.client, LEADS)).toEqual([]);
  });

  it.each([
    ["create table planted (folder uuid)", "a table without primary key: planted"],
    ["create table planted (n int primary key)", "a key that folder does not lead: planted_pkey"],
    ["create index planted on sheet (handle)", "a key that folder does not lead: planted"],
    ["create unique index planted on seal (issuer)", "a key that subject does not lead: planted"],
    ["create sequence planted", "a sequence, view, materialised view or foreign table: planted"],
    [
      "create materialized view planted as select 1",
      "a sequence, view, materialised view or foreign table: planted",
    ],
    ["alter table sheet alter seq set default 1", "a default or generated column: sheet.seq"],
    [
      "alter table sheet add constraint planted foreign key (folder) references folder",
      "an exclusion, deferrable or foreign-key constraint: planted",
    ],
    [
      "alter table sheet add constraint planted unique (folder, handle) deferrable",
      "an exclusion, deferrable or foreign-key constraint: planted",
    ],
    ["create function planted() returns int language sql as 'select 1'", "a function: planted"],
    [
      "create index planted on sheet (folder) where gone",
      "an index that is partial, on an expression, or no B-tree: planted",
    ],
    [
      "create index planted on sheet using hash (folder)",
      "an index that is partial, on an expression, or no B-tree: planted",
    ],
    ["create type planted as enum ('a')", "a type of our own: planted"],
  ])("is found: %s", async (statement, breach) => {
    await database.client.query(statement);
    expect(await breachesIn(database.client, LEADS)).toContain(breach);
  });

  it("is found: a trigger", async () => {
    await database.client.query(
      "create function planted() returns trigger language plpgsql as 'begin return new; end'",
    );
    await database.client.query(
      "create trigger planted before insert on sheet for each row execute function planted()",
    );
    expect(await breachesIn(database.client, LEADS)).toContain("a trigger: planted");
  });
});
