// What every service of Salus is built from: a database, an HTTP shell and a program around both.

// Start and end.

export type { ServiceContext } from "./context.ts";
export {
  type Given,
  type Launch,
  launch,
  type Program,
  portOf,
  runProgram,
  type Serving,
} from "./program.ts";
export {
  type RunningService,
  type ServiceOptions,
  type ServiceParts,
  startService,
} from "./service.ts";
export { StartFailure, type StartFailureKind } from "./start-failure.ts";

// The database.

export {
  boolArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  uuidArray,
} from "./database/arrays.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./database/database.ts";
export { type EmbeddedServer, type ServerEvent, startEmbedded } from "./database/embedded.ts";
export { isRunning } from "./database/lock.ts";
export { migrate } from "./database/migrate.ts";
export type { Migration } from "./database/migration.ts";
export { openPool, type Pool } from "./database/pool.ts";
export { inSnapshot, inTransaction } from "./database/transaction.ts";
export { identityTable } from "./store/identity.ts";
export { NONCE_TABLES, purgeNonces, useNonce } from "./store/nonce.ts";

// The log.

export {
  appendToLog,
  type LeafOwner,
  type LogEntry,
  pendingEntries,
} from "./log/append.ts";
export { type CheckpointSigner, LogSigner, signCheckpoint } from "./log/log-signer.ts";
export { MerkleLog, type MerkleLogOptions } from "./log/merkle-log.ts";
export { LogDamaged } from "./log/node-store.ts";
export { LOG_LEADS, LOG_TABLES, type LogSchema } from "./log/tables.ts";
export { serviceSecret } from "./service-secret.ts";

// The HTTP shell.

export { capabilityOf } from "./http/caller.ts";
export { type ListenOptions, listen } from "./http/listening.ts";
export { askedFromHere } from "./http/loopback.ts";
export {
  bodyOf,
  type ParameterError,
  presentedOf,
  readBody,
  readNumber,
  readParameters,
  sendMessage,
} from "./http/message.ts";
export { problemOf, sendProblem } from "./http/problem.ts";
export { PAGE_WEIGHT } from "./http/server.ts";
