import type { Catalogue } from "../text.tsx";
import { category } from "./category.ts";
import { deciding } from "./deciding.ts";
import { demo } from "./demo.ts";
import { parts } from "./parts.ts";
import { problem } from "./problem.ts";
import { purpose } from "./purpose.ts";
import { requests } from "./requests.ts";
import { settings } from "./settings.ts";
import { shell } from "./shell.ts";
import { stepUp } from "./step-up.ts";

export const hi: Catalogue = {
  category,
  deciding,
  demo,
  parts,
  problem,
  purpose,
  requests,
  settings,
  shell,
  stepUp,
};
