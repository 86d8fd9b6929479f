import { LOG_TABLES, type Migration } from "@salus/service";

/** The log, and what grantees asked. Vaults that were there before enter the log with their heads. */
export const v3: Migration = {
  version: 3,
  statements: [
    ...LOG_TABLES,

    // One row for each request of a grantee, by the SHA-256 of its capability.
    `create table if not exists trail (
      vault uuid not null,
      request bytea not null,
      "grant" uuid not null,
      route text not null,
      candidates int4 not null,
      capability bytea not null,
      entry bytea not null,
      primary key (vault, request)
    )`,

    `insert into log_pending (entry, kind, time, owner, salt, object)
      select vault, 'chain', extract(epoch from now())::int8 * 1000, vault, ''::bytea,
        handle || int8send(head_seq::int8) || head_hash from vault
      on conflict do nothing`,
  ],
};
