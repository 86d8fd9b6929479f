export { type Exchange, type HttpOptions, httpCloud } from "./cloud/http.ts";
export type { Caller, Cloud, CloudResult } from "./cloud/port.ts";
export type { ChainFailure, ClientError, CloudError, Refused } from "./failure.ts";
export type { Card, Identity } from "./identity.ts";
export { type KeyStore, memoryKeyStore, type StoreDamaged } from "./key-store.ts";
export type { GrantOrder, GrantState, Patient, SourceState } from "./patient.ts";
export type {
  Answer,
  Cost,
  Finding,
  Match,
  Origin,
  QueryError,
  Reader,
  Report,
  Resource,
  SearchOptions,
  SourceAnswer,
  Stored,
  Verification,
} from "./reader/reader.ts";
export type { Certification, Provider, Registry } from "./registry.ts";
