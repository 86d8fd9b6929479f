// Node only: homes and key stores in files.
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
export { Passphrase } from "./passphrase.ts";
