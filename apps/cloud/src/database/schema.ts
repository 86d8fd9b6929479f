import type { Brand, Bytes } from "@salus/base";
import type {
  AttributeHandle,
  BatchId,
  CellHandle,
  Digest,
  GrantHandle,
  RecordHandle,
  RightHalf,
  ScopeHandle,
  SourceHandle,
  TagList,
  Term,
  TrailRoute,
  VaultHandle,
  VerifyKey,
} from "@salus/protocol";
import type { Transaction } from "kysely";

/** The first half of a vault's handle: what leads the keys of its rows. */
export type VaultId = Brand<Bytes, "VaultId">;

export type KeyRole = "device" | "source" | "grantee";

/** What an index column holds. The numbers are those of the entries' first byte: spec/batch.md §2. */
export const KIND = { ordered: 1, sealed: 2, tags: 3 } as const;
export type IndexKind = (typeof KIND)[keyof typeof KIND];

/** The tables of `migrations`, as this program reads and writes them. */
export interface Schema {
  cloud: { name: string; id: Bytes };
  vault: {
    vault: VaultId;
    handle: VaultHandle;
    head_seq: number;
    head_hash: Digest;
    records: number;
    batches: number;
    index_columns: number;
    rewritten: number;
  };
  link: { vault: VaultId; seq: number; bytes: Bytes };
  chain_state: { vault: VaultId; seq: number; format: number; bytes: Bytes };
  key_role: { key: VerifyKey; vault: VaultId; role: KeyRole; subject: Bytes };
  scope: { vault: VaultId; scope: ScopeHandle; source: SourceHandle };
  source: { vault: VaultId; source: SourceHandle; number: number; hash: Digest };
  batch: {
    vault: VaultId;
    batch: number;
    handle: BatchId;
    source: SourceHandle;
    number: number;
    hash: Digest;
    statement: Bytes;
    leaves: Bytes;
    records: number;
    entries: number;
  };
  batch_wrap: {
    vault: VaultId;
    batch: number;
    cell: CellHandle;
    position: number;
    suite: 1 | 2;
    enc: Bytes;
    ct: Bytes;
  };
  record: {
    vault: VaultId;
    record: number;
    handle: RecordHandle;
    revision: number;
    source: SourceHandle;
    cell: CellHandle;
    batch: number;
    tombstone: boolean;
    envelope: Bytes;
  };
  earlier_revision: Omit<Schema["record"], "handle" | "source" | "tombstone">;
  index_column: {
    vault: VaultId;
    index_column: number;
    kind: IndexKind;
    place: ScopeHandle | CellHandle;
    attribute: AttributeHandle;
  };
  ordered_entry: {
    vault: VaultId;
    index_column: number;
    term: Term;
    record: number;
    batch: number;
  };
  sealed_entry: {
    vault: VaultId;
    index_column: number;
    record: number;
    position: number;
    half: RightHalf;
    batch: number;
  };
  tag_list: { vault: VaultId; index_column: number; record: number; tags: TagList; batch: number };
  certificate: { subject: VerifyKey; hash: Digest; issuer: VerifyKey; bytes: Bytes };
  provider_statement: { place: Bytes; hash: Digest; type: string; bytes: Bytes };
  author_certificate: { vault: VaultId; subject: VerifyKey; hash: Digest };
  nonce: { signer: VerifyKey; nonce: Bytes; expires: number };
  trail: {
    vault: VaultId;
    request: Digest;
    grant: GrantHandle;
    route: TrailRoute;
    candidates: number;
    capability: Bytes;
    entry: Bytes;
  };
}

export type Trx = Transaction<Schema>;
