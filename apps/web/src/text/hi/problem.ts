import type { Catalogue } from "../catalogue.ts";
import { accountProblems } from "./problem-account.ts";
import { administratorProblems } from "./problem-administrator.ts";
import { decidingProblems } from "./problem-deciding.ts";
import { practitionerProblems } from "./problem-practitioner.ts";

export const problem: Catalogue["problem"] = {
  kinds: {
    ...accountProblems,
    ...administratorProblems,
    ...decidingProblems,
    ...practitionerProblems,
    unreachable: {
      what: "सेवा ने उत्तर नहीं दिया।",
      safe: "कुछ खोया नहीं: जो सील है वह सील रहता है, और जो भेजा जा रहा था वह यहाँ रखा है।",
      next: "अपना नेटवर्क देखें, फिर कोशिश करें।",
    },
  },
  other: (failure) => ({
    what: `यह नहीं हो सका (${failure.kind})।`,
    safe: "कुछ भी बदला नहीं गया।",
    next: "थोड़ी देर में फिर कोशिश करें।",
  }),
};
