export { PatientWriter, type PatientWriterOptions } from "./patient-writer.ts";
export type { Founder } from "./placing.ts";
export { VaultWorld, type VaultWorldOptions } from "./world.ts";
export { type OrganisationOptions, OrganisationWriter, type Writer } from "./writer.ts";
