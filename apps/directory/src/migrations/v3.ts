import type { Migration } from "@salus/service";

/**
 * Text messages and passkeys.
 *
 * A message is written down as a wish, which is all that a request waits for; who it is for, whether
 * it may be sent and what it says is found later, and stands in the same row until it was sent.
 */
export const v3: Migration = {
  version: 3,
  statements: [
    // message: what it is about, so that one thing asks for one message at a time: a sign-in, a factor,
    // a proof, a box. sealed: number and text, as far as they are known. ready: both are.
    `create table if not exists sms_message (
      message uuid primary key,
      purpose text not null,
      account uuid not null,
      sealed bytea not null,
      ready bool not null,
      due int8 not null,
      tries int4 not null,
      expires int8 not null
    )`,
    `create index if not exists sms_message_by_due on sms_message (ready, due)`,
    `create index if not exists sms_message_by_expiry on sms_message (expires)`,

    // code: HMAC of what the code is for, and the code.
    `create table if not exists sms_code (
      subject uuid primary key,
      account uuid not null,
      code bytea not null,
      tries int4 not null,
      expires int8 not null
    )`,
    `create index if not exists sms_code_by_expiry on sms_code (expires)`,

    // number: HMAC of a number. sent: when the last messages were sent to it, the newest first.
    `create table if not exists sms_number (
      number bytea primary key,
      sent int8[] not null,
      expires int8 not null
    )`,
    `create index if not exists sms_number_by_expiry on sms_number (expires)`,

    // What a passkey is to sign, for one sign-in or session, once.
    `create table if not exists passkey_challenge (
      attempt uuid not null,
      purpose text not null,
      challenge bytea not null,
      expires int8 not null,
      primary key (attempt, purpose)
    )`,
    `create index if not exists passkey_challenge_by_expiry on passkey_challenge (expires)`,
  ],
};
