import type { Migration } from "@salus/service";

/**
 * What is said of certificates: statuses, at the hash of the certificate, and attestations, at the
 * key that they are about. `place` is the first half of an entry's position in the registry.
 */
export const v4: Migration = {
  version: 4,
  statements: [
    `create table if not exists provider_statement (
      place bytea not null,
      hash bytea not null,
      type text not null,
      bytes bytea not null,
      primary key (place, hash)
    )`,
  ],
};
