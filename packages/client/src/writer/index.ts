// For those who seal, index and deliver: nothing here opens a record or decrypts a term.
// For whoever brings files: what they are read with before anything is sealed.
export { type Input, isGzip, saysLines, Unreadable } from "../reading/input.ts";
export { Links } from "../reading/links.ts";
export { type Piece, pieces } from "../reading/pieces.ts";
export {
  type Found,
  type Place,
  type Read,
  type Rejected,
  type RejectedKind,
  resources,
} from "../reading/resources.ts";
export { type Novelty, Seen } from "../reading/seen.ts";
export { type Belongs, Sorter } from "../reading/sorter.ts";
export { type Facts, type KnownProvider, Survey } from "../reading/survey.ts";
export type {
  CommitError,
  CommittedChange,
  Delete,
  MadeRevision,
  NewRevision,
  Put,
  RecordChange,
  Removal,
} from "./change.ts";
export {
  type Author,
  type Derived,
  type DerivedUpload,
  derive,
  type ResourceUpload,
  type Upload,
} from "./preparation.ts";
export type { RefusedReason, RefusedRecord, UploadReport } from "./report.ts";
export { Source, type SourceOptions } from "./source.ts";
export type { SourceVault } from "./source-vault.ts";
