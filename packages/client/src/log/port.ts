import type { Result } from "@salus/base";
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
