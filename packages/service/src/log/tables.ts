import type { Bytes } from "@salus/base";
import type { Digest, LeafKind } from "@salus/protocol";

/**
 * The tables of a log: what the migrations of a service that keeps one have among their statements.
 *
 * An entry waits in `log_pending`, written by the transaction of what it is about. It has no place
 * until the sequencer gives it one: places without gaps need one writer at a time, and whoever wrote
 * records or links would wait for all others there.
 */
export const LOG_TABLES: readonly string[] = [
  // How far the tree has grown. One row, which the sequencer locks.
  `create table if not exists log_head (
    name text primary key,
    key bytea not null,
    size int8 not null,
    root bytea not null
  )`,

  // Whose leaf it will be; of 16 zero bytes nobody's, and then `salt` is what it commits with.
  `create table if not exists log_pending (
    entry uuid primary key,
    kind text not null,
    time int8 not null,
    owner uuid not null,
    salt bytea not null,
    object bytea not null
  )`,

  `create table if not exists log_leaf (
    leaf int8 primary key,
    bytes bytea not null
  )`,

  // The complete subtrees above the leaves. Nothing in here is ever changed.
  `create table if not exists log_node (
    level int2 not null,
    position int8 not null,
    hash bytea not null,
    primary key (level, position)
  )`,

  // What makes leaves those of somebody. Without it nobody can say whose they are.
  `create table if not exists log_owner (
    owner uuid primary key,
    salt bytea not null,
    leaves int8 not null
  )`,
  `create table if not exists log_own (
    owner uuid not null,
    number int8 not null,
    leaf int8 not null,
    kind text not null,
    time int8 not null,
    object bytea not null,
    primary key (owner, number)
  )`,
];

/** The first column of the keys of these tables, for the test that judges schemas. */
export const LOG_LEADS: Readonly<Record<string, string>> = {
  log_head: "name",
  log_pending: "entry",
  log_leaf: "leaf",
  log_node: "level",
  log_owner: "owner",
  log_own: "owner",
};

/** The same tables, as the program reads and writes them. */
export interface LogSchema {
  log_head: { name: string; key: Bytes; size: number; root: Digest };
  log_pending: {
    entry: Bytes;
    kind: LeafKind;
    time: number;
    owner: Bytes;
    salt: Bytes;
    object: Bytes;
  };
  log_leaf: { leaf: number; bytes: Bytes };
  log_node: { level: number; position: number; hash: Digest };
  log_owner: { owner: Bytes; salt: Bytes; leaves: number };
  log_own: {
    owner: Bytes;
    number: number;
    leaf: number;
    kind: LeafKind;
    time: number;
    object: Bytes;
  };
}
