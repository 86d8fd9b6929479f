import type { Logger } from "pino";
import type { Database } from "./database/database.ts";
import type { Admission, Turns } from "./http/admission.ts";
import type { MerkleLog } from "./log/merkle-log.ts";
import type { Metrics } from "./metrics.ts";

/** What every running service consists of. Takes: `Schema`, the tables of its database. */
export interface ServiceContext<Schema> {
  /** What capabilities are made out to. */
  readonly id: string;
  readonly version: string;
  readonly database: Database<Schema>;
  readonly log: Logger;
  /** The append-only log that everybody may hold the service to: spec/log.md. */
  readonly merkleLog: MerkleLog;
  readonly metrics: Metrics;
  readonly admission: Admission;
  readonly turns: Turns;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether anybody may read the metrics, or this machine only. */
  readonly openMetrics: boolean;
}
