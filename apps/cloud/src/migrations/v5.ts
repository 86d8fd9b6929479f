import type { Migration } from "@salus/service";

/**
 * What stood in a record before its newest revision, as it was sealed. Nothing is indexed of it. Of
 * records that were changed before this step only the newest revision is there.
 */
export const v5: Migration = {
  version: 5,
  statements: [
    `create table if not exists earlier_revision (
      vault uuid not null,
      record int4 not null,
      revision int8 not null,
      cell uuid not null,
      batch int4 not null,
      envelope bytea not null,
      primary key (vault, record, revision)
    )`,
    `alter table earlier_revision alter column envelope set storage external`,
  ],
};
