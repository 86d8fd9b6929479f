import { LOG_LEADS, migrate } from "@salus/service";
import {
  breachesIn,
  type Leads,
  SERVERS,
  startDatabase,
  type TestDatabase,
} from "@salus/testkit/database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MIGRATIONS } from "../src/migrations/migrations.ts";

// Goal: the schema stays inside the subset that every PostgreSQL and its distributed kin can run.
// Method: read the catalogue of the migrated schema.

/** What is looked for before an account is known, or is nobody's, is led by what it is looked for by. */
const LEADS: Leads = {
  column: "account",
  except: {
    ...LOG_LEADS,
    directory: "name",
    migration: "version",
    nonce: "signer",
    service_key: "name",
    account: "account",
    login: "login",
    session: "session",
    mailbox: "mailbox",
    sign_up: "sign_up",
    sign_in: "sign_in",
    step_up: "step_up",
    password_change: "session",
    recovery: "recovery",
    attempt: "bucket",
    // By its account; an index finds whose a tag is.
    identifier: "account",
    phone_proof: "proof",
    box: "box",
    parcel: "box",
    certificate_status: "certificate",
    sms_message: "message",
    sms_code: "subject",
    sms_number: "number",
    passkey_challenge: "attempt",
  },
};

describe.each(SERVERS)("on %s", (_, binaries) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startDatabase(binaries);
    await migrate(database.client, MIGRATIONS, 1);
  });
  afterAll(() => database.stop());

  it("the schema has no breach", async () => {
    expect(await breachesIn(database.client, LEADS)).toEqual([]);
  });

  it("a table that no account leads is a breach", async () => {
    await database.client.query("create table planted (n int primary key)");
    const breaches = await breachesIn(database.client, LEADS);
    expect(breaches).toEqual(["a key that account does not lead: planted_pkey"]);
    await database.client.query("drop table planted");
  });
});
