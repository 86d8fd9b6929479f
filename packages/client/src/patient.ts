import type { Bytes, Result } from "@salus/base";
import type { SourceHandle, VaultHandle } from "@salus/protocol";
import type { ClientError } from "./failure.ts";
import type { Card, Identity } from "./identity.ts";

/** A source as the patient's chain has it. */
export interface SourceState {
  readonly source: SourceHandle;
  /** The key that signs its batches: look it up in the registry for a name. */
  readonly key: Bytes;
  readonly state: "live" | "ended";
  /** Categories that have a live cell. */
  readonly categories: readonly string[];
}

/** A grant as the patient's chain has it. */
export interface GrantState {
  readonly grant: Bytes;
  readonly grantee: Bytes;
  readonly purpose: string;
  readonly state: "live" | "revoked";
  readonly sources: readonly SourceHandle[];
  readonly categories: readonly string[];
  readonly notBefore: number;
  readonly expires: number;
}

/** What the patient signs when she lets somebody read. */
export interface GrantOrder {
  readonly grantee: Card;
  /** `all` covers the vault's root: also what sources that are admitted later write into it. */
  readonly sources: readonly SourceHandle[] | "all";
  readonly categories: readonly string[] | "all";
  /** v3-PurposeOfUse; `TREAT` when left out. */
  readonly purpose?: string;
  readonly notBefore?: number;
  readonly expires: number;
  readonly period?: readonly [start: number, end: number];
}

/** The owner of a vault: says who writes, under which keys, and who reads. */
export interface Patient {
  readonly vault: VaultHandle;
  readonly identity: Identity;
  /** Fetch and verify what the chain has gained. Fails: `rollback` when it lost or changed a link. */
  sync(): Promise<Result<{ readonly seq: number }, ClientError>>;
  sources(): readonly SourceState[];
  grants(): readonly GrantState[];
  /**
   * Let a source write, and give it a cell and scopes for each category. Repeating it adds what is
   * missing, so it is also how a source gets a further category. The patient's own card makes her a
   * source of her own vault.
   */
  admit(card: Card, categories: readonly string[]): Promise<Result<SourceHandle, ClientError>>;
  end(source: SourceHandle): Promise<Result<void, ClientError>>;
  /** Gives: the handle of the grant, 16 bytes. */
  grant(order: GrantOrder): Promise<Result<Bytes, ClientError>>;
  /** End a grant: close what it covered, open successors, deliver them, grant again who stays. */
  revoke(grant: Bytes): Promise<Result<void, ClientError>>;
  /** Close the live cells and scopes of these sources and categories and open successors. */
  rotate(what: {
    readonly sources: readonly SourceHandle[] | "all";
    readonly categories: readonly string[] | "all";
  }): Promise<Result<void, ClientError>>;
}
