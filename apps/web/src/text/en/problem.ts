import type { Problem } from "../../device/problem.ts";
import { accountProblems } from "./problem-account.ts";
import { administratorProblems } from "./problem-administrator.ts";
import { decidingProblems } from "./problem-deciding.ts";
import { practitionerProblems } from "./problem-practitioner.ts";
import type { Said } from "./said.ts";

const NOTHING_CHANGED = "Nothing was changed.";
const AGAIN = "Try again in a moment.";

/** By the `kind` of a problem. What is not listed here is said by `other`. */
export const problem = {
  kinds: {
    ...accountProblems,
    ...administratorProblems,
    ...decidingProblems,
    ...practitionerProblems,
    unreachable: {
      what: "The service did not answer.",
      safe: "Nothing is lost: what is sealed stays sealed, and what was being sent is kept here.",
      next: "Look at your connection, then try again.",
    },
  } as Readonly<Record<string, Said>>,
  other: (failure: Problem): Said => ({
    what: `That did not work (${failure.kind}).`,
    safe: NOTHING_CHANGED,
    next: AGAIN,
  }),
};
