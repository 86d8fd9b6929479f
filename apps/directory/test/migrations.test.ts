import { LOG_LEADS, migrate } from "@salus/service";
import { breachesIn, SERVERS, startDatabase, type TestDatabase } from "@salus/testkit/database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIGRATIONS } from "../src/migrations/migrations.ts";

// Goal: the schema stays inside the subset that every PostgreSQL and its distributed kin can run.
// Method: read the catalogue of the migrated schema.

describe.each(SERVERS)("on %s", (_, binaries) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase(binaries);
    await migrate(database.client, MIGRATIONS, 1);
  });
  afterAll(() => database.stop());

  it("the schema has no breach", async () => {
    const except = { ...LOG_LEADS, directory: "name", migration: "version", nonce: "signer" };
    expect(await breachesIn(database.client, { column: "account", except })).toEqual([]);
  });

  it("a table that no account leads is a breach", async () => {
    await database.client.query("create table planted (n int primary key)");
    const except = { ...LOG_LEADS, directory: "name", migration: "version", nonce: "signer" };
    const breaches = await breachesIn(database.client, { column: "account", except });
    expect(breaches).toEqual(["a key that account does not lead: planted_pkey"]);
    await database.client.query("drop table planted");
  });
});
