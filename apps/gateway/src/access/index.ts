export { type Caller, type Doing, LOCAL, OPEN } from "./caller.ts";
export { fenced } from "./fence.ts";
export { type AccessOptions, guard } from "./guard.ts";
