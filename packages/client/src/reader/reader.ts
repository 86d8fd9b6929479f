import type { Bytes, Result } from "@salus/base";
import type { RecordHandle, SourceHandle, VaultHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { Identity } from "../identity.ts";
import type { Resource } from "../resource.ts";

/** Who wrote a record. */
export interface Origin {
  readonly source: SourceHandle;
  /** From the registry, when the source's key is certified there. */
  readonly name: string | undefined;
  /** Provider nodes from the organisation down to the author. */
  readonly path: readonly string[];
  readonly assigned: string;
}

/** One record that answers the question. */
export interface Match {
  readonly vault: VaultHandle;
  readonly record: RecordHandle;
  readonly revision: number;
  readonly origin: Origin;
  readonly resource: Resource;
}

/** Something that an honest cloud and honest sources would not have sent. */
export interface Finding {
  readonly kind:
    | "unreadable"
    | "wrong-author"
    | "wrongly-indexed"
    | "rollback"
    | "batch-missing"
    | "batch-changed"
    | "record-missing"
    | "record-changed"
    | "record-added"
    | "row-missing"
    | "row-changed"
    | "row-added"
    | "chain-changed";
  readonly vault: VaultHandle;
  readonly source?: SourceHandle;
  readonly batch?: Bytes;
  readonly record?: RecordHandle;
  /** The attribute of an index row, when it can be named. */
  readonly attribute?: string;
}

export interface SourceAnswer {
  readonly vault: VaultHandle;
  readonly source: SourceHandle;
  readonly name: string | undefined;
  readonly status: "answered" | "stale" | "failed" | "hidden";
}

export interface Cost {
  readonly requests: number;
  readonly candidates: number;
  readonly matches: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly milliseconds: number;
}

/** What an answer covers. Read it after the matches: it grows while they come. */
export interface Report {
  readonly sources: readonly SourceAnswer[];
  /** Vaults whose answer is not whole, and why. */
  readonly failures: readonly { readonly vault: VaultHandle; readonly error: ClientError }[];
  readonly findings: readonly Finding[];
  readonly cost: Cost;
  /** Candidates in all, when it was asked for. */
  readonly total: number | undefined;
}

/** Matches in order, fetched a page at a time as they are taken. */
export interface Answer extends AsyncIterable<Match> {
  report(): Report;
}

export interface SearchOptions {
  /** Left out: every vault that this identity may read. */
  readonly vaults?: readonly VaultHandle[];
  /** Provider nodes from an organisation down: only what was written there or below. */
  readonly scope?: readonly string[];
  /** Candidates on a page, 1 … 1,000. */
  readonly pageSize?: number;
}

/** What the cloud stores of a record: it is all that the cloud can see. */
export interface Stored {
  readonly record: RecordHandle;
  readonly source: SourceHandle;
  readonly revision: number;
  readonly envelope: Bytes;
  readonly entries: readonly Bytes[];
}

export interface Reader {
  readonly identity: Identity;
  /** Vaults that this identity owns, or holds a live grant for. */
  vaults(): Promise<Result<readonly VaultHandle[], ClientError>>;
  /**
   * Ask one question of the vaults, whatever the number of sources.
   *
   * Takes:   a FHIR search, `Observation?code=8480-6&value-quantity=gt140&_sort=-date`.
   */
  search(query: string, options?: SearchOptions): Promise<Result<Answer, QueryError>>;
  /** Everything there is. */
  export(options?: SearchOptions): Promise<Result<Answer, ClientError>>;
  /** What the cloud stores for a vault, as it stores it. */
  inspect(vault: VaultHandle): AsyncIterable<Result<Stored, ClientError>>;
  /** Check every signature, link, batch, record and index row that this identity may see. */
  verify(vault: VaultHandle): Promise<Result<Verification, ClientError>>;
}

export interface Verification {
  readonly vault: VaultHandle;
  readonly links: number;
  readonly batches: number;
  readonly records: number;
  readonly rows: number;
  readonly findings: readonly Finding[];
}

/** The question itself was wrong, or could not be asked. */
export type QueryError = ClientError | { readonly kind: "bad-query"; readonly problem: string };
