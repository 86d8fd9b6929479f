import { type Migration, migrate, openDatabase } from "@salus/service";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { breachesIn, type Leads } from "./catalogue.ts";
import { startDatabase, type TestDatabase } from "./database.ts";
import { SERVERS } from "./servers.ts";

/**
 * What the schema of every service must be, on every server: within the subset that PostgreSQL and its
 * distributed kin can run, made step by step whatever interrupts it, and left alone by a program that
 * is too old for it.
 */
export function schemaContract({
  service,
  migrations,
  leads,
}: {
  readonly service: string;
  readonly migrations: readonly Migration[];
  readonly leads: Leads;
}): void {
  describe.each(SERVERS)("the schema on %s", (_, binaries) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await startDatabase(binaries);
    });
    afterAll(() => database.stop());
    beforeEach(async () => {
      await empty();
      await migrate(database.client, migrations, 1);
    });

    const empty = async (): Promise<void> => {
      await database.client.query("drop schema public cascade");
      await database.client.query("create schema public");
    };
    const open = (): ReturnType<typeof openDatabase> =>
      openDatabase({
        ...{ service, migrations, url: database.url, folder: "unused" },
        onEvent: () => undefined,
      });

    it("has no breach", async () => {
      expect(await breachesIn(database.client, leads)).toEqual([]);
    });

    it("has one with a table that its column does not lead", async () => {
      await database.client.query("create table planted (n int primary key)");
      expect(await breachesIn(database.client, leads)).toEqual([
        `a key that ${leads.column} does not lead: planted_pkey`,
      ]);
    });

    it("is finished by the next start wherever a step was interrupted", async () => {
      const [first] = migrations;
      if (first === undefined) throw new Error("there is a first migration");
      for (const cut of [0, 1, 5, first.statements.length]) {
        await empty();
        for (const statement of first.statements.slice(0, cut)) {
          await database.client.query(statement);
        }
        await migrate(database.client, migrations, 1);
        expect(await breachesIn(database.client, leads)).toEqual([]);
      }
    });

    it("is made by several programs at once", async () => {
      await empty();
      const opened = await Promise.all([open(), open(), open()]);
      for (const one of opened) await one.close();
      const { rows } = await database.client.query("select version from migration order by 1");
      expect(rows).toEqual(migrations.map(({ version }) => ({ version })));
    });

    it("of a later program is refused and left as it is", async () => {
      await database.client.query("insert into migration values (999, 1)");
      const before = await database.client.query("select * from migration order by version");
      await expect(migrate(database.client, migrations, 2)).rejects.toMatchObject({
        kind: "newer-database",
      });
      const after = await database.client.query("select * from migration order by version");
      expect(after.rows).toEqual(before.rows);
    });

    it("is not made where what is acknowledged may be lost", async () => {
      await database.client.query("alter database salus set synchronous_commit = off");
      await expect(open()).rejects.toMatchObject({ kind: "unsafe-database" });
      await database.client.query("alter database salus reset synchronous_commit");
      await (await open()).close();
    });
  });
}
