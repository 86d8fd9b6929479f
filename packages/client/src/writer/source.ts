import type { Result } from "@salus/base";
import type { VaultHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { Resource } from "../reader/reader.ts";

/** One resource on its way into a vault. */
export interface Upload {
  readonly resource: Resource;
  /** Provider nodes below the organisation, down to the author: `[department, physician]`. */
  readonly path?: readonly string[];
  /** How it was found that the resource belongs here; `stated` when left out. */
  readonly assigned?: "stated" | "inferred" | "patient";
}

/** What was done with the resources. */
export interface UploadReport {
  readonly records: number;
  readonly entries: number;
  readonly batches: number;
  /** Already there with the same content. */
  readonly unchanged: number;
  readonly refused: readonly {
    readonly type: string;
    readonly id: string | undefined;
    readonly problem: string;
  }[];
}

/** A vault that this source may write into. */
export interface SourceVault {
  readonly vault: VaultHandle;
  /** Categories that have a live cell: others need the patient to admit the source for them. */
  readonly categories: readonly string[];
  /** Create or update. Stops at the first error; what was delivered before stays delivered. */
  upload(
    uploads: Iterable<Upload> | AsyncIterable<Upload>,
    onProgress?: (records: number) => void,
  ): Promise<Result<UploadReport, ClientError>>;
  /** Delete: a signed tombstone takes the place of the record. */
  remove(
    records: Iterable<{ readonly resourceType: string; readonly id: string }>,
  ): Promise<Result<UploadReport, ClientError>>;
  /** Make the index entries of stored records again, under the live keys and the newest policy. */
  reindex(
    uploads: Iterable<Upload> | AsyncIterable<Upload>,
  ): Promise<Result<UploadReport, ClientError>>;
}

/** An organisation (or the patient herself) that seals, indexes and delivers, and opens nothing. */
export interface Source {
  readonly identity: Identity;
  /** Deliver what an interrupted run left in the outbox. `open` does so too, for its vault. */
  resume(): Promise<Result<{ readonly batches: number }, ClientError>>;
  vaults(): Promise<Result<readonly VaultHandle[], ClientError>>;
  open(vault: VaultHandle): Promise<Result<SourceVault, ClientError>>;
}
