import { parts } from "./parts.ts";
import { problem } from "./problem.ts";
import { shell } from "./shell.ts";

/** English, and the shape of every other catalogue. */
export const en = { parts, problem, shell };
