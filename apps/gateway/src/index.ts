export {
  exposureFault,
  localCertificate,
  readCertificate,
  readClients,
  readToken,
} from "./access/index.ts";
export {
  type GatewayFailure,
  type GatewayOptions,
  type RunningGateway,
  startGateway,
} from "./gateway.ts";
export type { LogStream } from "./http/server.ts";
export {
  encodeOutcome,
  type Issue,
  type IssueCode,
  isFailure,
  type OperationOutcome,
  type Outcome,
  outcomeOfClientError,
  outcomeOfIssues,
  outcomeOfSearchError,
  outcomeOfWorldError,
  refusal,
  type Severity,
} from "./outcome.ts";
export { openSandbox, type SandboxOptions } from "./sandbox/index.ts";
export {
  type Founder,
  type OrganisationOptions,
  OrganisationWriter,
  PatientWriter,
  type PatientWriterOptions,
  VaultWorld,
  type VaultWorldOptions,
  type Writer,
} from "./vaults/index.ts";
export type {
  Change,
  Committed,
  FindOptions,
  Found,
  SearchReport,
  Stored,
  Version,
  World,
  WorldError,
} from "./world.ts";
