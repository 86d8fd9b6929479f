// For those who seal, index and deliver: nothing here opens a record or decrypts a term.
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
export type { Removal, SourceVault } from "./source-vault.ts";
