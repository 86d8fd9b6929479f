export { OPEN } from "./caller.ts";
export { localCertificate, readCertificate } from "./certificate.ts";
export { readClients } from "./client.ts";
export { securityOf } from "./discovery.ts";
export { exposureFault } from "./exposure.ts";
export { fenced } from "./fence.ts";
export { type AccessOptions, guard } from "./guard.ts";
export { readToken } from "./local-token.ts";
