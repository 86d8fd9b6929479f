import { identityTable, LOG_TABLES, type Migration, NONCE_TABLES } from "@salus/service";

/**
 * The first schema.
 *
 * `account` is the first half of an account's handle, which is a hash: it leads every key of an
 * account's data. What is looked for before an account is known is led by that: a login by its
 * peppered tag, a session by its id. Everything that begins and ends within minutes stands in tables
 * of its own, which are emptied once a minute.
 */
export const v1: Migration = {
  version: 1,
  statements: [
    ...LOG_TABLES,

    // This directory's name, drawn at the first start: what capabilities are made out to.
    identityTable("directory"),

    // Which service keys this database was made with: fingerprints, which reveal none.
    `create table if not exists service_key (
      name text primary key,
      hash bytea not null
    )`,

    // head_root: the key of the newest account root. recovery: SHA-256 of the recovery tag.
    `create table if not exists account (
      account uuid primary key,
      handle bytea not null check (octet_length(handle) = 32),
      head_seq int4 not null,
      head_hash bytea not null,
      head_root bytea not null,
      recovery bytea not null,
      roles text not null,
      discoverable bool not null,
      created int8 not null
    )`,

    `create index if not exists account_by_recovery on account (recovery)`,

    `create table if not exists account_link (
      account uuid not null,
      seq int4 not null,
      bytes bytea not null,
      primary key (account, seq)
    )`,
    `alter table account_link alter column bytes set storage external`,

    // The account keys of the devices that are live at the chain's head.
    `create table if not exists account_device (
      account uuid not null,
      sign bytea not null,
      primary key (account, sign)
    )`,

    // login: HMAC of the login tag under the pepper.
    `create table if not exists login (
      login bytea primary key,
      account uuid not null
    )`,

    `create index if not exists login_by_account on login (account)`,

    // tag: the login tag, sealed: OPAQUE asks for it at every run.
    `create table if not exists password (
      account uuid primary key,
      credential uuid not null,
      record bytea not null,
      tag bytea not null
    )`,

    // secret: sealed. counter: the last step, or signature count, that was used. failures: in a row.
    // added: 0 until its owner has shown that it works.
    `create table if not exists factor (
      account uuid not null,
      factor uuid not null,
      kind text not null,
      secret bytea not null,
      counter int8 not null,
      failures int4 not null,
      hint text not null,
      added int8 not null,
      primary key (account, factor)
    )`,

    // limited: may only add a second factor.
    `create table if not exists session (
      session uuid primary key,
      account uuid not null,
      key bytea not null,
      role text not null,
      opened int8 not null,
      seen int8 not null,
      expires int8 not null,
      stepped_up int8 not null,
      limited bool not null
    )`,
    `create index if not exists session_by_account on session (account)`,
    `create index if not exists session_by_expiry on session (expires)`,

    // Those that an account ever had, by the key that each is.
    `create table if not exists mailbox (
      mailbox uuid primary key,
      account uuid not null,
      sign bytea not null,
      suite int2 not null,
      kem bytea not null,
      added int8 not null
    )`,
    `create index if not exists mailbox_by_account on mailbox (account)`,

    // What has begun and not ended. Each of these is its own key, and bound to that of who began it.
    `create table if not exists sign_up (
      sign_up uuid primary key,
      key bytea not null,
      login bytea not null,
      tag bytea not null,
      expires int8 not null
    )`,
    `create index if not exists sign_up_by_expiry on sign_up (expires)`,

    // account: of an unknown login, one that is not there. used: the last message was seen.
    `create table if not exists sign_in (
      sign_in uuid primary key,
      key bytea not null,
      account uuid not null,
      bucket bytea not null,
      role text not null,
      state bytea not null,
      used bool not null,
      proven bool not null,
      tries int4 not null,
      expires int8 not null
    )`,
    `create index if not exists sign_in_by_expiry on sign_in (expires)`,

    `create table if not exists step_up (
      step_up uuid primary key,
      session uuid not null,
      kind text not null,
      state bytea not null,
      expires int8 not null
    )`,
    `create index if not exists step_up_by_expiry on step_up (expires)`,

    `create table if not exists password_change (
      session uuid primary key,
      credential uuid not null,
      expires int8 not null
    )`,
    `create index if not exists password_change_by_expiry on password_change (expires)`,

    `create table if not exists recovery (
      recovery uuid primary key,
      account uuid not null,
      key bytea not null,
      login bytea not null,
      tag bytea not null,
      expires int8 not null
    )`,
    `create index if not exists recovery_by_expiry on recovery (expires)`,

    // How often something was tried in a span of time: bucket is an HMAC of what is counted.
    `create table if not exists attempt (
      bucket bytea not null,
      span int8 not null,
      tries int4 not null,
      expires int8 not null,
      primary key (bucket, span)
    )`,
    `create index if not exists attempt_by_expiry on attempt (expires)`,

    // Capabilities that were used, until they expire.
    ...NONCE_TABLES,
  ],
};
