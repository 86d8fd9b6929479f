import type { Result } from "@salus/base";
import type { ClientError, Resource } from "@salus/client";
import type { SearchError } from "@salus/health";

/** A resource as it stands in a vault. Its `id`, `meta.versionId` and `meta.lastUpdated` are set. */
export interface Stored {
  readonly resource: Resource;
  /** Whose vault, and which source wrote it; equal texts are the same place. */
  readonly place: string;
}

/** One revision of a resource; a deletion has no resource. */
export interface Version {
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly resource: Resource | undefined;
}

/** What one change of a commit does. `expects` is the version that it replaces: "0" for none, absent for any. */
export type Change =
  | { readonly kind: "put"; readonly resource: Resource; readonly expects?: string }
  | {
      readonly kind: "delete";
      readonly type: string;
      readonly id: string;
      readonly expects?: string;
    };

/** What became of a change. */
export interface Committed {
  readonly type: string;
  readonly id: string;
  readonly versionId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether nothing live stood there before. */
  readonly created: boolean;
  /** As stored; nothing after a deletion. */
  readonly resource: Resource | undefined;
}

/** How much of a question was asked under encryption, and what it cost. Read it after the matches. */
export interface SearchReport {
  readonly requests: number;
  readonly candidates: number;
  readonly matches: number;
  /** Parameters that the cloud answered under encryption, and all that were asked. */
  readonly evaluated: number;
  readonly asked: number;
  /** Sources and vaults whose answer is not whole, in words for whoever asked. Empty: "none" means none. */
  readonly missing: readonly string[];
}

/** Matches of one search over every vault, in the order asked for, fetched as they are taken. */
export interface Found extends AsyncIterable<Result<Stored, WorldError>> {
  report(): SearchReport;
}

export interface FindOptions {
  /** More candidates than this and the answer ends with `too-many-candidates`. */
  readonly candidatesMax: number;
  /** So many matches are wanted before the others. Left out: as many as `_count` says, or all. */
  readonly soon?: number;
}

/** Why the encrypted world did not do it. */
export type WorldError =
  | { readonly kind: "bad-query"; readonly error: SearchError }
  | { readonly kind: "too-many-candidates"; readonly candidates: number }
  /** Another version stands there than `expects`; `versionId` "0" for none. */
  | {
      readonly kind: "version-conflict";
      readonly type: string;
      readonly id: string;
      readonly versionId: string;
    }
  /** A record that the policy cannot take: `path` names the element. */
  | {
      readonly kind: "refused-record";
      readonly type: string;
      readonly id: string;
      readonly problem: string;
      readonly path: string | undefined;
    }
  /** No vault that this identity may write into belongs to whom the resource is of. */
  | { readonly kind: "no-vault"; readonly type: string; readonly id: string }
  /** The identity may read it, and not write it. */
  | { readonly kind: "not-writable"; readonly type: string; readonly id: string }
  /** The identity writes, and holds no key that opens what is stored: an organisation without a reader. */
  | { readonly kind: "not-readable" }
  /** Changes of one commit are more than one batch holds. */
  | { readonly kind: "too-many-changes"; readonly most: number }
  /** A commit over several vaults failed, and what it had stored could not all be taken back. */
  | { readonly kind: "half-undone"; readonly left: readonly string[]; readonly error: ClientError }
  /** Whoever asks may not do this to resources of this type: `access/fence.ts` says so, no vault does. */
  | {
      readonly kind: "forbidden";
      readonly doing: "create" | "read" | "update" | "delete" | "search";
      readonly type: string;
    }
  | { readonly kind: "cloud"; readonly error: ClientError };

/**
 * The vaults that one identity may read and write, as a server of FHIR sees them. Everything behind it is
 * sealed before it leaves, and opened after it came back.
 */
export interface World {
  /** Whether its identity reads, and whether it writes, anywhere at all: what is listed as possible depends on it. */
  readonly abilities: { readonly reads: boolean; readonly writes: boolean };
  /**
   * Ask one search without composition (`Type?name=value&…`; `_sort`, `_count` as R4 has them; no chains,
   * includes or `_has`) of every vault at once.
   *
   * Fails:   `bad-query`, at once. What fails later comes in the place of a match, and ends the answer.
   */
  find(query: string, options: FindOptions): Promise<Result<Found, WorldError>>;
  /**
   * Everything live that stands in the vault of one patient, in no order: for `$everything` and her
   * compartment, which would be a hundred questions otherwise. Resources of no patient are not there.
   *
   * Gives:   nothing where no vault is hers. A report whose `asked` is 0.
   * Fails:   as `find`, in the place of a match. Behind a fence, resources that the caller may not read are left out.
   */
  everything(patient: string, options: FindOptions): Promise<Result<Found | undefined, WorldError>>;
  /**
   * One resource by its name.
   *
   * Gives:   nothing where there never was one, "gone" where it was deleted, as far as this identity can tell that.
   */
  read(type: string, id: string): Promise<Result<Stored | "gone" | undefined, WorldError>>;
  /** Its revisions, newest first; none where there never was one. */
  history(type: string, id: string): Promise<Result<readonly Version[], WorldError>>;
  /**
   * Store changes: all of one vault in one transaction of the cloud, all or nothing. Changes of several
   * vaults are stored one vault after the other, and taken back when one fails.
   *
   * Takes:   resources with an id. `meta.versionId` and `meta.lastUpdated` are set here.
   * Gives:   what became of each, in order; a put of what already stands there makes no version.
   */
  commit(changes: readonly Change[]): Promise<Result<readonly Committed[], WorldError>>;
}
