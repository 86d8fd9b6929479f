import { category } from "./category.ts";
import { demo } from "./demo.ts";
import { parts } from "./parts.ts";
import { problem } from "./problem.ts";
import { purpose } from "./purpose.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

/** English, and the shape of every other catalogue. */
export const en = { category, demo, parts, problem, purpose, settings, shell };
