// Opaque bytes on the wire.

// Uploads.
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

// CBOR, and schemas over it.
export { type CborValue, decodeCbor, encodeCbor } from "./cbor.ts";
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
  type Entry,
  encodeEntry,
  type OrderedEntry,
  parseEntry,
  type SealedEntry,
  type TagsEntry,
} from "./entries.ts";
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
// Signed statements and their payloads.
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
