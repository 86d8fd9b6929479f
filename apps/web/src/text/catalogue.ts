import type { en } from "./en/en.ts";

/** Every word that the application says. The English one is the shape of all. */
export type Catalogue = typeof en;
