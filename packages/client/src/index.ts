export type { ClientError, Refused } from "./failure.ts";
export type { Card, Identity } from "./identity.ts";
export { type KeyStore, memoryKeyStore } from "./key-store.ts";
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
