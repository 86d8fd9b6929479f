export type { Source, SourceVault, Upload, UploadReport } from "./source.ts";
