import type { Catalogue } from "../text.tsx";
import { category } from "./category.ts";
import { demo } from "./demo.ts";
import { parts } from "./parts.ts";
import { problem } from "./problem.ts";
import { purpose } from "./purpose.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";

export const hi: Catalogue = { category, demo, parts, problem, purpose, settings, shell };
