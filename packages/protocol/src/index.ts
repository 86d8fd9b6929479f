// Opaque bytes on the wire.
export {
  AttributeHandle,
  BatchId,
  CellHandle,
  LeftHalf,
  type Malformed,
  type Opaque,
  RecordHandle,
  RightHalf,
  ScopeHandle,
  SourceHandle,
  TagList,
  TagToken,
  Term,
  VaultHandle,
} from "./ids.ts";
