import type { Catalogue } from "../text.tsx";
import { parts } from "./parts.ts";
import { problem } from "./problem.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

export const hi: Catalogue = { parts, problem, settings, shell };
