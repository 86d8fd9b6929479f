import type { Bytes, Result } from "@salus/base";
import type { Signer } from "@salus/crypto";
import type {
  BatchPage,
  CertificatePage,
  CertificatesStored,
  ChainHead,
  ChainPage,
  CloudInfo,
  GrantHandle,
  HistoryPage,
  HistoryQuestion,
  NewVault,
  OwnLeavesPage,
  Query,
  QueryAnswer,
  Receipt,
  RecordHandle,
  RecordsPage,
  RecordsQuestion,
  RegistryPosition,
  RequestHandle,
  RevisionsAnswer,
  SourceHandle,
  TrailPage,
  VaultHandle,
  VaultsPage,
} from "@salus/protocol";
import type { CloudError } from "../failure.ts";
import type { LogPort } from "../log/port.ts";

/** Who makes a request: the key that signs it, and the grant that it is made under, if any. */
export interface Caller {
  readonly signer: Signer;
  readonly grant?: GrantHandle | RequestHandle;
  /** Says to the patient what the requests are for, where her chain asks for that. */
  readonly trail?: TrailSealer;
}

/** Seals an entry of the trail, another one for each request. */
export type TrailSealer = () => Promise<Bytes>;

export type CloudResult<T> = Promise<Result<T, CloudError>>;

/**
 * The untrusted cloud: its routes as functions. Answers have the right shape and are otherwise not
 * to be believed. Spec: api.
 */
export interface Cloud extends LogPort {
  about(): CloudResult<CloudInfo>;
  createVault(caller: Caller, links: readonly Bytes[]): CloudResult<NewVault>;
  chain(caller: Caller, vault: VaultHandle, from: number): CloudResult<ChainPage>;
  appendChain(caller: Caller, vault: VaultHandle, links: readonly Bytes[]): CloudResult<ChainHead>;
  /** Deliver an upload as it is stored: a retry sends the same bytes. */
  upload(caller: Caller, vault: VaultHandle, body: Bytes): CloudResult<Receipt>;
  batches(
    caller: Caller,
    vault: VaultHandle,
    source: SourceHandle,
    from: number,
  ): CloudResult<BatchPage>;
  query(caller: Caller, vault: VaultHandle, query: Query): CloudResult<QueryAnswer>;
  records(caller: Caller, vault: VaultHandle, question: RecordsQuestion): CloudResult<RecordsPage>;
  /** All revisions of some records, the newest of each first. */
  history(caller: Caller, vault: VaultHandle, question: HistoryQuestion): CloudResult<HistoryPage>;
  revisions(
    caller: Caller,
    vault: VaultHandle,
    records: readonly RecordHandle[],
  ): CloudResult<RevisionsAnswer>;
  /** Vaults that the caller's key has to do with, in order of handle. */
  vaults(caller: Caller, after: VaultHandle | undefined): CloudResult<VaultsPage>;
  publish(caller: Caller, certificates: readonly Bytes[]): CloudResult<CertificatesStored>;
  providers(after: RegistryPosition | undefined): CloudResult<CertificatePage>;
  /** The vault's own leaves in the log, from one number on, with proofs for a tree of `size`. */
  ownLeaves(
    caller: Caller,
    vault: VaultHandle,
    from: number,
    size: number,
  ): CloudResult<OwnLeavesPage>;
  /** What grantees asked, from the number of one of the vault's own leaves on. */
  trail(caller: Caller, vault: VaultHandle, from: number): CloudResult<TrailPage>;
}
