import { describe, it } from "vitest";
import { batchChecks } from "./checks/batch.ts";
import { chainChecks } from "./checks/chain.ts";
import { envelopeChecks } from "./checks/envelope.ts";
import { keyChecks } from "./checks/keys.ts";
import { orderedChecks } from "./checks/ordered.ts";
import { sealedChecks } from "./checks/sealed.ts";
import { sharingChecks } from "./checks/sharing.ts";
import { statementChecks } from "./checks/statements.ts";
import { tagChecks } from "./checks/tags.ts";

// Goal: every format of this package is byte for byte what its page says.
// Method: vectors of an implementation that shares no code with ours. Each negative vector has one
// fault, and must fail with the kind that it names. test/browser runs the same checks in a worker.

describe.each([
  ["keys", keyChecks],
  ["ordered index", orderedChecks],
  ["sealed index", sealedChecks],
  ["tags", tagChecks],
  ["statements", statementChecks],
  ["chain", chainChecks],
  ["envelope", envelopeChecks],
  ["sharing", sharingChecks],
  ["batch", batchChecks],
])("%s", (_, checks) => {
  it.each(checks)("$name", ({ run }) => run());
});
