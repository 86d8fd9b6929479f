export {
  exposureFault,
  localCertificate,
  readCertificate,
  readClients,
  readToken,
} from "./access/index.ts";
export {
  type GatewayFailure,
  type GatewayOptions,
  type RunningGateway,
  startGateway,
} from "./gateway.ts";
export { openSandbox } from "./sandbox/index.ts";
export { OrganisationWriter, PatientWriter, VaultWorld, type Writer } from "./vaults/index.ts";
export type { Change, World } from "./world.ts";
