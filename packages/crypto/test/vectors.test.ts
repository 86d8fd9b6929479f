import { describe, it } from "vitest";
import { chainChecks } from "./checks/chain.ts";
import { envelopeChecks } from "./checks/envelope.ts";
import { sharingChecks } from "./checks/sharing.ts";
import { statementChecks } from "./checks/statements.ts";

// Goal: statements, chain, envelopes and sharing are byte for byte what their pages say.
// Method: vectors of an implementation that shares no code with ours. Each negative vector has one
// fault, and must fail with the kind that it names. test/browser runs the same checks in a worker.

describe.each([
  ["statements", statementChecks],
  ["chain", chainChecks],
  ["envelope", envelopeChecks],
  ["sharing", sharingChecks],
])("%s", (_, checks) => {
  it.each(checks)("$name", ({ run }) => run());
});
