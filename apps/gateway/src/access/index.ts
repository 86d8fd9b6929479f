export { type Caller, type Doing, LOCAL, OPEN } from "./caller.ts";
export { type Certificate, localCertificate, readCertificate } from "./certificate.ts";
export { type Client, type ClientsFault, readClients } from "./client.ts";
export { securityOf } from "./discovery.ts";
export { exposureFault } from "./exposure.ts";
export { fenced } from "./fence.ts";
export { type AccessOptions, guard } from "./guard.ts";
export { readToken, type TokenFault } from "./local-token.ts";
