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

/** English, and the shape of every other catalogue. */
export const en = {
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
