import type { Migration } from "@salus/service";
import { v1 } from "./v1.ts";

/** Every step, in order. A released step is never edited. */
export const MIGRATIONS: readonly Migration[] = [v1];
