import { describe, it } from "vitest";
import { formats } from "./checks/all.ts";

// Goal: every format of this package is byte for byte what its page says.
// Method: vectors of an implementation that shares no code with ours. Each negative vector has one
// fault, and must fail with the kind that it names. test/browser runs the same checks in a worker.

describe.each(formats)("%s", (_, checks) => {
  it.each(checks)("$name", ({ run }) => run());
});
