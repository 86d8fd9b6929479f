/**
 * Goal: what the cloud has acknowledged it has, once, whatever fails under it.
 * Method: imports, and disasters at random moments: the cloud killed, the whole database killed, the
 * database stopped at once. A witness between them writes down every acknowledgement; at the end the
 * rows are compared with it, and the patients verify what is stored.
 */
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryFolder } from "../running/folder.ts";
import { crash } from "./crashes.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

it("loses nothing and repeats nothing in 20 disasters", { timeout: 600_000 }, async () => {
  const report = await crash({ folder: join(folder.path, "crash"), kills: 20, seed: 1 });
  expect(report.faults).toEqual([]);
  expect(report.records).toBe(report.expected);
  expect(report.gaveUp).toBe(0);
  expect(report.acknowledged).toBeGreaterThan(20);
  for (const struck of Object.values(report.struck)) expect(struck).toBeGreaterThan(2);
});
