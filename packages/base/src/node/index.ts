export { finishing } from "./finishing.ts";
export { makeFolder } from "./folder.ts";
