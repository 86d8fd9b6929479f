import type { Bytes, Result } from "@salus/base";
import type { CheckpointAnswer, LeavesPage, LogProof, VerifyKey } from "@salus/protocol";
import type { CloudError } from "../failure.ts";

type Answer<T> = Promise<Result<T, CloudError>>;

/** The log of a service, cloud or directory: its routes as functions, not to be believed. Spec: log §1. */
export interface LogPort {
  checkpoint(): Answer<CheckpointAnswer>;
  consistency(from: number, to: number): Answer<LogProof>;
  inclusion(index: number, size: number): Answer<LogProof>;
  leaves(from: number): Answer<LeavesPage>;
}

/** A service that keeps a log, and says by which key. */
export interface LoggingService extends LogPort {
  about(): Answer<{ readonly id: string; readonly log: VerifyKey }>;
}

/** Which service a log is of: a home knows one of each. */
export type LogName = "cloud" | "directory";

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
  readonly log: LogName;
  /** Two signed checkpoints that contradict each other, to be shown to anybody: `verifyEvidence`. */
  readonly evidence?: Bytes;
}
