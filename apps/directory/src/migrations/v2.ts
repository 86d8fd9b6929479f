import type { Migration } from "@salus/service";

/**
 * Discovery: identifiers, mailboxes, parcels.
 *
 * A `box` is what parcels lie in: an account, for all the mailboxes that it ever had, or the id of a
 * mailbox that is no account's. Both are halves of hashes, so that none is ever the other.
 */
export const v2: Migration = {
  version: 2,
  statements: [
    // Whom a tag leads to. proven: its owner has received a code.
    `create table if not exists identifier (
      account uuid not null,
      tag bytea not null check (octet_length(tag) = 32),
      kind text not null,
      proven bool not null,
      registered int8 not null,
      primary key (account, tag)
    )`,
    `create index if not exists identifier_by_tag on identifier (tag)`,

    // Proofs that a number is an account's: the number's tag, and an HMAC of the code that was sent.
    `create table if not exists phone_proof (
      proof uuid primary key,
      account uuid not null,
      tag bytea not null,
      code bytea not null,
      tries int4 not null,
      expires int8 not null
    )`,
    `create index if not exists phone_proof_by_expiry on phone_proof (expires)`,

    // number: of the newest parcel. expires: when nobody will miss it.
    `create table if not exists box (
      box uuid primary key,
      number int8 not null,
      expires int8 not null
    )`,
    `create index if not exists box_by_expiry on box (expires)`,

    // A parcel as it came, or a notice of the directory's own.
    `create table if not exists parcel (
      box uuid not null,
      number int8 not null,
      time int8 not null,
      expires int8 not null,
      notice bool not null,
      bytes bytea not null,
      primary key (box, number)
    )`,
    `alter table parcel alter column bytes set storage external`,
    `create index if not exists parcel_by_expiry on parcel (expires)`,

    // What issuers and registries say of certificates, since practitioners would not say it themselves.
    `create table if not exists certificate_status (
      certificate bytea not null check (octet_length(certificate) = 32),
      hash bytea not null,
      bytes bytea not null,
      primary key (certificate, hash)
    )`,
  ],
};
