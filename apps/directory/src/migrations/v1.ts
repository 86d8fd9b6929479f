import type { Migration } from "@salus/service";

/** The first schema. */
export const v1: Migration = {
  version: 1,
  statements: [
    // This directory's name, drawn at the first start: what capabilities are made out to.
    `create table if not exists directory (
      name text primary key,
      id uuid not null
    )`,

    // Capabilities that were used, until they expire.
    `create table if not exists nonce (
      signer bytea not null,
      nonce uuid not null,
      expires int8 not null,
      primary key (signer, nonce)
    )`,
    `create index if not exists nonce_by_expiry on nonce (expires)`,
  ],
};
