export { finishing } from "./finishing.ts";
