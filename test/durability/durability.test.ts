import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../running/folder.ts";
import { type CrashReport, crash, DISASTERS } from "./crashes.ts";

// Goal: what the cloud acknowledged is there after any crash, once and whole.
// Method: an import is struck at seeded moments (cloud killed, database killed, database stopped at
// once), then resumed; a witness between the two wrote down every acknowledgement. More strikes than
// a test can wait for: npm run durability -- --kills 200.

const KILLS = 20;

describe("crashes during an import", () => {
  const folder = temporaryFolder();
  let report: CrashReport;

  beforeAll(async () => {
    report = await crash({ folder: folder.path, kills: KILLS, seed: 20 });
  }, 280_000);
  afterAll(() => folder.remove());

  it("struck while uploads were going on, in each way", () => {
    for (const disaster of DISASTERS) expect(report.struck[disaster], disaster).toBeGreaterThan(2);
  });

  it("lost nothing that was acknowledged, and stored nothing twice or in part", () => {
    expect(report.faults).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(0);
  });

  it("stored every record once the import was resumed", () => {
    expect(report.records).toBe(report.expected);
  });
});
