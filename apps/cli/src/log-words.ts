import type { LogFailure } from "@salus/client";
import { EXIT } from "./exit.ts";
import { type TableOf, UNUSED, type Words } from "./wording.ts";

const ASK = "show the evidence to whoever runs it, and to others who use it.";

/** Words for a log that contradicts itself, or leaves something out. */
export const LOG_WORDS: TableOf<LogFailure> = {
  "log-rollback": (failure) => contradicts(failure, "shows less than it has shown before"),
  "log-fork": (failure) => contradicts(failure, "shows two different pasts"),
  "log-inconsistent": (failure) =>
    contradicts(failure, "does not continue what it has shown before"),
  "log-key-changed": (failure) => contradicts(failure, "is signed with another key than before"),
  "not-logged": (failure) =>
    contradicts(failure, "leaves out something of yours, or has it otherwise than it was"),
};

function contradicts({ log, evidence }: LogFailure, how: string): Words {
  return {
    what: `the log of the ${log} ${how}`,
    safe: UNUSED,
    next: evidence === undefined ? "ask whoever runs it." : ASK,
    exit: EXIT.untrusted,
  };
}
