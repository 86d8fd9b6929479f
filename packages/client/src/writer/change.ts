import type { Category } from "@salus/health";
import type { BatchId, RecordHandle } from "@salus/protocol";
import type { ClientError } from "../failure.ts";
import type { Resource } from "../resource.ts";
import type { ResourceUpload } from "./preparation.ts";
import type { RefusedRecord } from "./report.ts";

/** A record to be deleted, by its name at the source. */
export interface Removal {
  readonly resourceType: string;
  readonly id: string;
  /** Needed only when this home does not remember the record. */
  readonly category?: Category;
}

/** What is known of a revision when it is sealed. */
export interface NewRevision {
  readonly revision: number;
  /** Milliseconds since 1970, as the envelope's header says it. */
  readonly at: number;
}

interface Expecting {
  /** The revision that this change replaces: 0 for none; left out, whatever is stored. */
  readonly expects?: number;
}

/** A resource to create, or to put in the place of what is there. */
export interface Put extends ResourceUpload, Expecting {
  readonly kind: "put";
  /**
   * Writes into the resource what is known only when it is sealed, as `meta.versionId`. Whether the
   * content is what is stored already is judged without it. It may be called more than once.
   */
  readonly stamp?: (resource: Resource, revision: NewRevision) => Resource;
}

/** A record to delete. What is not there, or is deleted already, stays as it is. */
export interface Delete extends Removal, Expecting {
  readonly kind: "delete";
}

/** One of the changes that a vault takes together. */
export type RecordChange = Put | Delete;

/** What became of a change. */
export interface CommittedChange {
  readonly record: RecordHandle;
  /** The revision that is stored now; 0 for none. */
  readonly revision: number;
  /** Whether something live stood there before. */
  readonly stood: boolean;
  /** What the change has made; nothing where all was so already. */
  readonly made: MadeRevision | undefined;
}

export interface MadeRevision {
  readonly batch: BatchId;
  /** When it was sealed, in milliseconds since 1970. */
  readonly at: number;
  /** As it was sealed; none of a deletion. */
  readonly resource: Resource | undefined;
}

/** Why changes were not made, none of them. `change` is the place of the one in question. */
export type CommitError =
  | ClientError
  /** Another revision is stored than the change expects; 0 for none. */
  | {
      readonly kind: "revision-conflict";
      readonly change: number;
      readonly record: RecordHandle;
      readonly revision: number;
    }
  /** The policy, the patient or the formats do not take it. */
  | { readonly kind: "refused-record"; readonly change: number; readonly refused: RefusedRecord }
  /** Another change of the same commit is of the same record. */
  | { readonly kind: "repeated-record"; readonly change: number }
  /** Together they are more than one batch holds. */
  | {
      readonly kind: "too-many-changes";
      readonly what: "records" | "bytes";
      readonly most: number;
    };
