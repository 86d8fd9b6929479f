import type { ProblemKind } from "../../device/problem.ts";
import type { Said } from "./said.ts";

const UNCHANGED = "Nothing was changed.";

/** Of organisations, invitations and uploads. */
export const administratorProblems = {
  "bad-node": {
    what: "That number cannot be used.",
    safe: UNCHANGED,
    next: "Use 1 to 64 letters, digits and hyphens; for an organisation or department small ones.",
  },
  "node-taken": {
    what: "That number is somebody else's already.",
    safe: UNCHANGED,
    next: "Choose another one.",
  },
  "bad-name": {
    what: "A name is missing, or too long.",
    safe: UNCHANGED,
    next: "Write it in one line.",
  },
  "not-certified": {
    what: "Nobody has certified this key yet.",
    safe: UNCHANGED,
    next: "Have it certified first.",
  },
  "not-found": {
    what: "That is not there any more.",
    safe: UNCHANGED,
    next: "Look at the list again.",
  },
  busy: {
    what: "Another upload goes on.",
    safe: "It goes on as before.",
    next: "Wait for it, or stop it first.",
  },
} satisfies Partial<Record<ProblemKind, Said>>;
