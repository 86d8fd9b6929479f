import type { Bytes, Result } from "@salus/base";
import type { DeviceSecret, HeldSecrets } from "@salus/crypto";
import type { AccountState } from "@salus/evaluate";
import type { AccountHandle } from "@salus/protocol";
import type { Directory } from "../directory/port.ts";
import type { DirectorySession } from "../discovery/session.ts";
import type { CloudError } from "../failure.ts";
import type { KeyStore } from "../key-store.ts";
import type { AccountDraft } from "./account-draft.ts";
import type { AccountError } from "./failure.ts";
import type { StoredSession } from "./held.ts";

/** Appends the links of a change; a password goes together with its own. */
export type Send = (links: readonly Bytes[]) => Promise<Result<unknown, CloudError>>;

/** What the parts of an account ask of the whole: its devices, ways to unlock, factors and sessions. */
export interface WholeAccount {
  readonly directory: Directory;
  readonly store: KeyStore;
  readonly handle: AccountHandle;
  readonly held: HeldSecrets;
  readonly session: StoredSession | undefined;
  readonly deviceSecret: DeviceSecret | undefined;
  caller(): Result<DirectorySession["caller"], AccountError>;
  leave(): Promise<void>;
  sync(): Promise<Result<AccountState, AccountError>>;
  change(
    build: (draft: AccountDraft, state: AccountState) => Result<void, AccountError>,
    send?: Send,
  ): Promise<Result<void, AccountError>>;
}
