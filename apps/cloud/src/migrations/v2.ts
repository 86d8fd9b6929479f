import type { Migration } from "@salus/service";

/** The states of chains, as of their heads: made from the links, and made again when they are lost. */
export const v2: Migration = {
  version: 2,
  statements: [
    `create table if not exists chain_state (
      vault uuid primary key,
      seq int4 not null,
      format int4 not null,
      bytes bytea not null
    )`,
    `alter table chain_state alter column bytes set storage external`,
  ],
};
