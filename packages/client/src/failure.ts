import type { Bytes } from "@salus/base";
import type { Problem, ProblemKind, SourceHandle, VaultHandle } from "@salus/protocol";
import type { StoreDamaged } from "./key-store.ts";

/** The cloud answered, and would not do what it was asked. Spec: api §2. */
export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  /** Why: `revision-conflict`, `unknown-scope`, … */
  readonly problem: ProblemKind;
  /** The problem with the fields that its kind has. */
  readonly detail: Problem;
}

/** The services that a client speaks to. */
export type ServiceName = "cloud" | "directory";

/** What can go wrong between here and the cloud. */
export type CloudError =
  | Refused
  /** Nobody answered, however often it was tried. What was asked may have been done. */
  | { readonly kind: "unreachable" }
  /** Another service of Salus answered: at the cloud's address a directory, say, or the other way round. */
  | { readonly kind: "another-service"; readonly wanted: ServiceName }
  /** Somebody answered who does not speak this protocol; `what` names the message. */
  | { readonly kind: "malformed-answer"; readonly what: string };

/** What a patient's chain, as the cloud shows it, can be refused for. */
export type ChainFailure =
  /** Shorter or other than what was seen before. */
  | { readonly kind: "rollback"; readonly what: "chain" | "batch"; readonly vault: VaultHandle }
  /** It is not the chain of this handle: the cloud shows another vault. */
  | { readonly kind: "handle-mismatch"; readonly vault: VaultHandle }
  /** It breaks a rule of spec/chain.md; `problem` is the rule's kind. */
  | { readonly kind: "chain-invalid"; readonly vault: VaultHandle; readonly problem: string };

/** A log that said something which it cannot mean. */
export interface LogFailure {
  readonly kind: /** It shows less than it has shown before. */
    | "log-rollback"
    /** It shows two trees of one size. */
    | "log-fork"
    /** What it shows is no continuation of what it has shown, or proves nothing. */
    | "log-inconsistent"
    /** It signs with another key than the one that was pinned. */
    | "log-key-changed"
    /** Something of one's own is not in it, or not as it was. */
    | "not-logged";
  readonly log: ServiceName;
  /** Two signed checkpoints that contradict each other, to be shown to anybody: `verifyEvidence`. */
  readonly evidence?: Bytes;
}

/** Everything that can stop the client although the program is right. Told apart by `kind`. */
export type ClientError =
  | CloudError
  | ChainFailure
  | LogFailure
  | StoreDamaged
  | { readonly kind: "head-too-old"; readonly vault: VaultHandle }
  | { readonly kind: "no-identity" }
  | { readonly kind: "no-vault" }
  /** Another device has given the account a new root: sync the account first. */
  | { readonly kind: "account-stale" }
  | { readonly kind: "unknown-policy" }
  | { readonly kind: "unknown-source"; readonly source?: SourceHandle }
  | { readonly kind: "unknown-grant" }
  | { readonly kind: "not-live"; readonly what: "source" | "cell" | "scope" | "grant" }
  | { readonly kind: "no-cell"; readonly category: string }
  | { readonly kind: "unreadable" }
  | { readonly kind: "outbox-damaged"; readonly name: string };
