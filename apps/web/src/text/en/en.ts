import { parts } from "./parts.ts";
import { problem } from "./problem.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

/** English, and the shape of every other catalogue. */
export const en = { parts, problem, settings, shell };
