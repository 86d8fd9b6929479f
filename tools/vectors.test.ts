import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

// Goal: the vectors in vectors/ are what the independent reference writes, and nothing else writes them.
// Method: the reference writes them again in memory and compares; its primitives prove themselves first.

const python = spawnSync("python3", ["--version"]).status === 0;
const because = python ? "" : " (skipped: there is no python3 here)";

function run(...command: string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync("python3", command, { encoding: "utf8" });
  return { status, said: stdout + stderr };
}

describe.skipIf(!python)(`the reference${because}`, () => {
  it("knows the answers of the standards that it implements", { timeout: 300_000 }, () => {
    expect(run("spec/reference/self_test.py")).toMatchObject({ status: 0 });
  });

  it("gives the vectors that are stored, byte for byte", { timeout: 300_000 }, () => {
    expect(run("spec/reference/write_vectors.py", "--check")).toEqual({ status: 0, said: "" });
  });
});
