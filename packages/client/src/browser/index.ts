// Browsers only: homes and key stores in IndexedDB.
export type { HomeDamaged } from "./description.ts";
export { BrowserHome, type BrowserHomeError, drawPrfSalt, type NewHome } from "./home.ts";
export { destroyHome, type ListedHome, type ListedPasskey, listHomes } from "./homes.ts";
export type { HomeElsewhere } from "./lock.ts";
export type { HomePasskey, HomeUnlock } from "./ways.ts";
