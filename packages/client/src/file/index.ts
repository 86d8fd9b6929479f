// Node only: homes and key stores in files.

export { Passphrase } from "../passphrase.ts";
export {
  checkUnlock,
  type Home,
  type HomeError,
  homeState,
  openHome,
  openOrCreateHome,
  type Unlock,
} from "./home.ts";
export type { HomeLocked } from "./lock.ts";
