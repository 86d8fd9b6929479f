import { LOG_LEADS, migrate } from "@salus/service";
import { type Leads, SERVERS, startDatabase } from "@salus/testkit/database";
import { schemaContract } from "@salus/testkit/schema";
import { expect, it } from "vitest";
import { MIGRATIONS } from "../src/migrations/migrations.ts";

// Goal: the cloud's schema is what every service's must be, and keeps envelopes as they came.
// Method: the contract, and the catalogue of the migrated schema.

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

schemaContract({ service: "cloud", migrations: MIGRATIONS, leads: LEADS });

it.each(SERVERS)("envelopes are not compressed on %s", async (_, binaries) => {
  const database = await startDatabase(binaries);
  await migrate(database.client, MIGRATIONS, 1);
  const { rows } = await database.client.query(
    `select attname from pg_attribute where attstorage = 'e' and attrelid::regclass::text
      in ('record', 'earlier_revision', 'link', 'tag_list') order by 1`,
  );
  await database.stop();
  expect(rows.map(({ attname }) => attname)).toEqual(["bytes", "envelope", "envelope", "tags"]);
});
