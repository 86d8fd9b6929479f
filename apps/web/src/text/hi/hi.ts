import type { Catalogue } from "../catalogue.ts";
import { accessLog } from "./access-log.ts";
import { administrator } from "./administrator.ts";
import { category } from "./category.ts";
import { cloudView } from "./cloud-view.ts";
import { codeReader } from "./code-reader.ts";
import { deciding } from "./deciding.ts";
import { demo } from "./demo.ts";
import { exporting } from "./export.ts";
import { importing } from "./import.ts";
import { parts } from "./parts.ts";
import { practitioner } from "./practitioner.ts";
import { problem } from "./problem.ts";
import { proxies } from "./proxies.ts";
import { purpose } from "./purpose.ts";
import { record } from "./record.ts";
import { requests } from "./requests.ts";
import { security } from "./security.ts";
import { settings } from "./settings.ts";
import { sharing } from "./sharing.ts";
import { shell } from "./shell.ts";
import { signIn } from "./sign-in.ts";
import { recover, signUp } from "./sign-up.ts";
import { sources } from "./sources.ts";
import { stepUp } from "./step-up.ts";
import { testNames } from "./test-names.ts";

export const hi: Catalogue = {
  accessLog,
  administrator,
  category,
  cloudView,
  codeReader,
  deciding,
  demo,
  exporting,
  importing,
  parts,
  practitioner,
  problem,
  proxies,
  purpose,
  record,
  recover,
  requests,
  security,
  settings,
  sharing,
  shell,
  signIn,
  signUp,
  sources,
  stepUp,
  testNames,
};
