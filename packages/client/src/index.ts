export { httpCloud } from "./cloud/http.ts";
export type { Caller, Cloud, CloudResult } from "./cloud/port.ts";
export { httpDirectory } from "./directory/http.ts";
export type { Directory, DirectoryCaller, DirectoryResult } from "./directory/port.ts";
export { type Asker, findPatient } from "./discovery/find.ts";
export {
  ABHA,
  emailIdentifier,
  healthNumber,
  type IdentifierError,
  identifierText,
  phoneIdentifier,
  readIdentifier,
  recordNumber,
} from "./discovery/identifier.ts";
export { readNotice, type SeenLookUp } from "./discovery/notice.ts";
export {
  claimMailbox,
  collectParcels,
  type Opened,
  type OpenedNotice,
  type OpenedPage,
  type OpenedParcel,
  readParcels,
  removeParcel,
  sendParcel,
  type UnreadableParcel,
} from "./discovery/parcels.ts";
export {
  listIdentifiers,
  type OwnIdentifier,
  type PhoneCode,
  provePhone,
  registerIdentifier,
  removeIdentifier,
} from "./discovery/registered.ts";
export type { DirectorySession, DiscoveryError } from "./discovery/session.ts";
export { tagsOf } from "./discovery/tag.ts";
export type { ChainFailure, ClientError, CloudError, Refused } from "./failure.ts";
export type { Exchange, HttpOptions } from "./http/link.ts";
export {
  type Card,
  decodeCard,
  encodeCard,
  Identity,
  openIdentity,
  openOrCreateIdentity,
} from "./identity.ts";
export { type KeyStore, memoryKeyStore, type StoreDamaged } from "./key-store.ts";
export { LogWatch, type SeenCheckpoint } from "./log/log-watch.ts";
export { checkOwnLog, type LeafOwner, type OwnChain, type OwnLogReport } from "./log/own-leaves.ts";
export type { LogFailure, LoggingService, LogName, LogPort } from "./log/port.ts";
export type {
  Admission,
  AdmittedSource,
  GivenGrant,
  GrantOrder,
  Selection,
} from "./patient/orders.ts";
export { type NewVaultOptions, Patient, type PatientOptions } from "./patient/patient.ts";
export type {
  Answer,
  Cost,
  Match,
  Origin,
  Report,
  SourceAnswer,
} from "./reader/answer.ts";
export type { Finding, FindingKind } from "./reader/findings.ts";
export {
  type QueryError,
  Reader,
  type ReaderOptions,
  type SearchOptions,
  type Stored,
} from "./reader/reader.ts";
export type { Verification } from "./reader/verify/verify.ts";
export { type Certification, certify, publishCertificates } from "./registry/certify.ts";
export { type Provider, Registry, type RegistryOptions } from "./registry/registry.ts";
export { attest, signStatus } from "./registry/standing.ts";
export type { Resource } from "./resource.ts";
export type { Trail, TrailFinding, TrailItem } from "./trail/read-trail.ts";
export type { Deed, TrailName } from "./trail/trail-voice.ts";
export { ChainCache } from "./vault/chain.ts";
