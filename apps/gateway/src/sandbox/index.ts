export { openSandbox, type SandboxOptions } from "./sandbox.ts";
