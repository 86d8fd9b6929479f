import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeAbandoned } from "../test/running/whole-program.ts";

// Goal: commands that run side by side find one whole build, and an unchanged program is not built again.
// Method: builds that only count, into a folder of their own.

const { buildOnce } = await import(new URL("./build-once.mjs", import.meta.url).href);

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "salus-build-once-"));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

describe("a build", () => {
  it("happens once for all who ask at the same time, and not again", async () => {
    let built = 0;
    let running = 0;
    const build = async (): Promise<void> => {
      built += 1;
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all([1, 2, 3].map(() => buildOnce(out, {}, build)));
    await buildOnce(out, {}, build);
    expect(built).toBe(1);
    await buildOnce(out, { whole: true }, build);
    expect(built).toBe(2);
  });

  it("is tried again after one that failed", async () => {
    await expect(buildOnce(out, {}, () => Promise.reject(new Error("planted")))).rejects.toThrow();
    let built = 0;
    await buildOnce(out, {}, async () => {
      built += 1;
    });
    expect(built).toBe(1);
  });

  it("waits for nobody who was killed", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(join(out, "building"), String(pid));
    await buildOnce(out, {}, async () => {});
    expect(existsSync(join(out, "building"))).toBe(false);
  });
});

describe("builds for tests", () => {
  it("are removed when their run was interrupted, and not while it goes on", () => {
    const { pid: gone } = spawnSync(process.execPath, ["--version"]);
    const DAYS_AGO = Date.now() / 1000 - 2 * 86_400;
    const [own, old] = [`whole-${process.pid}-a`, `whole-${process.pid}-b`];
    const made = [own, old, `whole-${gone}-a`, "whole-AbCdEf", "whole-GhIjKl", "whole", "web"];
    for (const name of made) mkdirSync(join(out, name));
    for (const name of [old, "whole-AbCdEf"]) utimesSync(join(out, name), DAYS_AGO, DAYS_AGO);
    removeAbandoned(out);
    expect(readdirSync(out).sort()).toEqual(["web", "whole", own, "whole-GhIjKl"]);
  });
});
