import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../running/folder.ts";
import { measureImport } from "./import.ts";

// Goal: neither side of an import holds the import in memory.
// Method: import some thousands of records as a user does and read the kernel's high-water marks. The
// figure for 100,000 records: npm run memory.

const RECORDS = 6000;
const LIMIT_MIB = 512;

describe("memory of an import", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it("stays within the limit on both sides", async () => {
    const report = await measureImport(folder.path, RECORDS);
    expect(report.records).toBeGreaterThanOrEqual(RECORDS);
    expect(report.importMiB).toBeGreaterThan(0);
    expect(report.importMiB).toBeLessThan(LIMIT_MIB);
    expect(report.cloudMiB).toBeGreaterThan(0);
    expect(report.cloudMiB).toBeLessThan(LIMIT_MIB);
  });
});
