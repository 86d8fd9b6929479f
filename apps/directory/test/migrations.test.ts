import { LOG_LEADS } from "@salus/service";
import type { Leads } from "@salus/testkit/database";
import { schemaContract } from "@salus/testkit/schema";
import { MIGRATIONS } from "../src/migrations/migrations.ts";

// Goal: the directory's schema is what every service's must be.
// Method: the contract.

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

schemaContract({ service: "directory", migrations: MIGRATIONS, leads: LEADS });
