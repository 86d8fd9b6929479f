import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "@salus/base/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Goal: a folder is made, or it is said at once that it cannot be.

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "salus-folder-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a folder", () => {
  it("is made with those above it, for its owner alone, and is as good when it is there", () => {
    const path = join(root, "a/b/c");
    expect(makeFolder(path)).toBe(join(root, "a"));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, "a")).mode & 0o777).toBe(0o700);
    expect(makeFolder(path)).toBeUndefined();
    expect(makeFolder(join(path, "d"))).toBe(join(path, "d"));
  });

  it.runIf(process.platform === "linux").each(["/proc/salus", "/proc/salus/a/b"])(
    "%s, where none can be made, is refused and not tried for ever",
    (path) => {
      expect(() => makeFolder(path)).toThrow("ENOENT");
    },
  );

  it("is refused where a file is", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    expect(() => makeFolder(file)).toThrow("EEXIST");
    expect(() => makeFolder(join(file, "below"))).toThrow("ENOTDIR");
  });
});
