// Opaque bytes on the wire.

export {
  Absent,
  AttributeHandle,
  BatchId,
  CellHandle,
  DeviceId,
  Digest,
  GrantHandle,
  isAbsent,
  LeftHalf,
  type Malformed,
  type Opaque,
  RecordHandle,
  RegistryPosition,
  RequestHandle,
  RightHalf,
  ScopeHandle,
  SourceHandle,
  TagList,
  TagToken,
  Term,
  VaultHandle,
  VerifyKey,
} from "./ids.ts";

// CBOR, and schemas over it.

export { type CborValue, decodeCbor, encodeCbor } from "./cbor.ts";
export {
  bytesField,
  checked,
  decodeAs,
  isAscending,
  listField,
  opaqueField,
  parseAs,
  type Schema,
  sortedField,
  textField,
  uintField,
} from "./fields.ts";

// Signed statements and their payloads.

export type {
  CellLink,
  ChainPayloads,
  Closes,
  Device,
  DeviceLink,
  GenerationLink,
  GenesisLink,
  GrantLink,
  KeysLink,
  LinkPlace,
  LinkType,
  Merge,
  PolicyChoice,
  RevokeLink,
  RosterLink,
  ScopeLink,
} from "./chain.ts";
export {
  CAPABILITY_LIFE_MS,
  type Capability,
  type Certificate,
  type DeliveredCell,
  type DeliveredScope,
  type Delivery,
  type GrantedCell,
  type GrantedKeys,
  type GrantedScope,
  type GrantTerms,
  parseDelivery,
  parseGrantedKeys,
  parseGrantTerms,
  type Role,
} from "./sharing.ts";
export {
  encodeSigned,
  type SignedParts,
  type StatementPayloads,
  type StatementType,
  splitSigned,
  statementSchemas,
} from "./statements.ts";
export {
  type CellWrap,
  cellWrapField,
  type KemKey,
  type KemPublic,
  SUITES,
  type Suite,
  type Wrap,
  wrapField,
} from "./suites.ts";

// Uploads, and what is inside an envelope.

export {
  BATCH_CERTIFICATES_MAX,
  BATCH_ITEMS_MAX,
  type BatchItem,
  type BatchStatement,
  type ChainHead,
  ENVELOPE_BYTES_MAX,
  type IndexItem,
  ITEM_ENTRIES_BYTES_MAX,
  ITEM_ENTRIES_MAX,
  parseUpload,
  type RecordItem,
  SIGNED_BYTES_MAX,
  type Upload,
} from "./batch.ts";
export {
  type Entry,
  encodeEntry,
  type OrderedEntry,
  parseEntry,
  type SealedEntry,
  type TagsEntry,
} from "./entries.ts";
export {
  type Assigned,
  parseRecordContent,
  type RecordContent,
  TOMBSTONE_MEDIA,
} from "./record-content.ts";

// The messages of the HTTP API.

export {
  type BatchPage,
  batchPageSchema,
  CBOR_MEDIA,
  type CertificatePage,
  type Certificates,
  type CertificatesStored,
  type ChainPage,
  type CloudInfo,
  certificatePageSchema,
  certificatesPostSchema,
  certificatesStoredSchema,
  chainHeadSchema,
  chainPageSchema,
  cloudInfoSchema,
  type DirectoryInfo,
  directoryInfoSchema,
  encodeMessage,
  type KnownVault,
  type Links,
  linksSchema,
  type NewVault,
  newVaultSchema,
  type Receipt,
  type RecordsPage,
  type RecordsQuestion,
  type RevisionsAnswer,
  type RevisionsQuestion,
  receiptSchema,
  recordsPageSchema,
  recordsQuestionSchema,
  revisionsAnswerSchema,
  revisionsQuestionSchema,
  type StoredBatch,
  type StoredEntry,
  type StoredRecord,
  type VaultsPage,
  vaultsPageSchema,
} from "./api.ts";
export {
  type BatchWrap,
  type Candidate,
  type OrderColumn,
  type OrderedProbe,
  type Probe,
  type Query,
  type QueryAnswer,
  type QueryCost,
  queryAnswerSchema,
  querySchema,
  type SealedProbe,
  type SourceCoverage,
  type SourceStatus,
  type TagProbe,
} from "./api-query.ts";

// Errors and limits.

export { PROBLEM_STATUS, type Problem, type ProblemFields, type ProblemKind } from "./errors.ts";
export { CHAIN_PAGE_MAX, LIMITS, type Limits } from "./limits.ts";
export { encodeProblem, isProblemKind, PROBLEM_MEDIA, parseProblem } from "./problems.ts";
