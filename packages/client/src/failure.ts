import type { SourceHandle, VaultHandle } from "@salus/protocol";

/** What the cloud may answer instead of doing what it was asked. Spec: api §2. */
export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  /** The `kind` of the problem: `revision-conflict`, `unknown-scope`, … */
  readonly problem: string;
}

/** Everything that can stop the client although the program is right. Told apart by `kind`. */
export type ClientError =
  | Refused
  | { readonly kind: "unreachable" }
  | { readonly kind: "malformed-answer"; readonly what: string }
  | { readonly kind: "rollback"; readonly what: "chain" | "batch"; readonly vault: VaultHandle }
  | { readonly kind: "chain-invalid"; readonly vault: VaultHandle; readonly problem: string }
  | { readonly kind: "head-too-old"; readonly vault: VaultHandle }
  | { readonly kind: "no-identity" }
  | { readonly kind: "no-vault" }
  | { readonly kind: "unknown-source"; readonly source?: SourceHandle }
  | { readonly kind: "unknown-grant" }
  | { readonly kind: "not-live"; readonly what: "source" | "cell" | "scope" | "grant" }
  | { readonly kind: "no-cell"; readonly category: string }
  | { readonly kind: "unreadable" }
  | { readonly kind: "outbox-damaged"; readonly name: string };
