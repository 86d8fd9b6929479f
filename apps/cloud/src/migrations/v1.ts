import { identityTable, type Migration, NONCE_TABLES } from "@salus/service";

/**
 * The first schema.
 *
 * `vault` is the first half of a vault's handle, which is a hash: it leads every key of a vault's
 * data, so that the same schema can be spread over many machines. Handles are `uuid` columns: 16
 * bytes, compared as unsigned bytes. Within a vault, columns, records and batches have short
 * numbers, counted in the vault's row, which every upload locks.
 *
 * There are no foreign keys: one transaction writes all rows of a batch, nothing else writes them,
 * and a check per row would cost more than the row.
 */
export const v1: Migration = {
  version: 1,
  statements: [
    // This cloud's name, drawn at the first start: what capabilities are made out to.
    identityTable("cloud"),

    `create table if not exists vault (
      vault uuid primary key,
      handle bytea not null check (octet_length(handle) = 32),
      head_seq int4 not null,
      head_hash bytea not null,
      records int4 not null,
      batches int4 not null,
      index_columns int4 not null,
      rewritten int4 not null
    )`,

    `create table if not exists link (
      vault uuid not null,
      seq int4 not null,
      bytes bytea not null,
      primary key (vault, seq)
    )`,
    `alter table link alter column bytes set storage external`,

    // Which vaults a key has to do with, by key: it cannot be asked vault by vault.
    `create table if not exists key_role (
      key bytea not null,
      vault uuid not null,
      role text not null,
      subject uuid not null,
      primary key (key, vault, role, subject)
    )`,

    // Scopes below an organisation's node, introduced by its batches and not by the chain.
    `create table if not exists scope (
      vault uuid not null,
      scope uuid not null,
      source uuid not null,
      primary key (vault, scope)
    )`,

    // The newest batch of each source.
    `create table if not exists source (
      vault uuid not null,
      source uuid not null,
      number int8 not null,
      hash bytea not null,
      primary key (vault, source)
    )`,

    `create table if not exists batch (
      vault uuid not null,
      batch int4 not null,
      handle uuid not null,
      source uuid not null,
      number int8 not null,
      hash bytea not null,
      statement bytea not null,
      leaves bytea not null,
      records int4 not null,
      entries int4 not null,
      primary key (vault, batch)
    )`,
    `create unique index if not exists batch_by_handle on batch (vault, handle)`,
    `create unique index if not exists batch_by_number on batch (vault, source, number)`,

    `create table if not exists batch_wrap (
      vault uuid not null,
      batch int4 not null,
      cell uuid not null,
      position int2 not null,
      suite int2 not null,
      enc bytea not null,
      ct bytea not null,
      primary key (vault, batch, cell)
    )`,

    `create table if not exists record (
      vault uuid not null,
      record int4 not null,
      handle uuid not null,
      revision int8 not null,
      source uuid not null,
      cell uuid not null,
      batch int4 not null,
      tombstone bool not null,
      envelope bytea not null,
      primary key (vault, record) include (source, cell, tombstone)
    )`,
    // Sealed bytes do not compress.
    `alter table record alter column envelope set storage external`,
    `create unique index if not exists record_by_handle on record (vault, handle)`,
    `create index if not exists record_by_source on record (vault, source, handle)`,

    // kind: 1 ordered, 2 sealed, 3 tags. place: the scope or cell. attribute: 16 zero bytes for tags.
    `create table if not exists index_column (
      vault uuid not null,
      index_column int4 not null,
      kind int2 not null,
      place uuid not null,
      attribute uuid not null,
      primary key (vault, index_column)
    )`,
    `create unique index if not exists index_column_by_place
      on index_column (vault, place, attribute, kind)`,

    `create table if not exists ordered_entry (
      vault uuid not null,
      index_column int4 not null,
      term uuid not null,
      record int4 not null,
      batch int4 not null,
      primary key (vault, index_column, term, record)
    )`,
    `create index if not exists ordered_entry_by_record on ordered_entry (vault, record)`,

    // position: where in the item's list the entry stood. A record may have several in one column.
    `create table if not exists sealed_entry (
      vault uuid not null,
      index_column int4 not null,
      record int4 not null,
      position int2 not null,
      half bytea not null,
      batch int4 not null,
      primary key (vault, index_column, record, position)
    )`,
    `create index if not exists sealed_entry_by_record on sealed_entry (vault, record)`,

    `create table if not exists tag_list (
      vault uuid not null,
      index_column int4 not null,
      record int4 not null,
      tags bytea not null,
      batch int4 not null,
      primary key (vault, index_column, record)
    )`,
    `alter table tag_list alter column tags set storage external`,
    `create index if not exists tag_list_by_record on tag_list (vault, record)`,

    // The public registry of providers, by subject: it belongs to no vault.
    `create table if not exists certificate (
      subject bytea not null,
      hash bytea not null,
      issuer bytea not null,
      bytes bytea not null,
      primary key (subject, hash)
    )`,

    // Which certificates the authors in a vault have, as its sources handed them in.
    `create table if not exists author_certificate (
      vault uuid not null,
      subject bytea not null,
      hash bytea not null,
      primary key (vault, subject, hash)
    )`,

    // Capabilities that were used, until they expire.
    ...NONCE_TABLES,
  ],
};
