import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LIMITS } from "@salus/protocol";
import { scratch } from "@salus/testkit/database";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDirectory } from "../src/directory.ts";
import { startTestDirectory, type TestDirectory } from "./harness.ts";

// Goal: a directory starts on a database of its own, says what it is and that it is well, and keeps
// its name; it does not start on the data of a cloud.
// Method: a directory in this process, asked over HTTP.

describe("a directory", () => {
  let directory: TestDirectory;
  beforeEach(async () => {
    directory = await startTestDirectory();
  });
  afterEach(() => directory.stop());

  it("says what it is, and whether its database answers", async () => {
    expect(directory.info).toMatchObject({ version: "0.0.0", limits: { ...LIMITS } });
    expect(directory.info.id).toMatch(/^[0-9a-f]{32}$/);
    const health = await fetch(`${directory.url}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    const metrics = await (await fetch(`${directory.url}/metrics`)).text();
    expect(metrics).toContain('salus_request_seconds_count{method="GET",route="/v1/directory"');
  });

  it("keeps its name over a restart", async () => {
    const { id } = directory.info;
    directory = await directory.restart();
    expect(directory.info.id).toBe(id);
  });

  it("has no route of the cloud's, and tells nobody else anything", async () => {
    for (const path of ["/v1/cloud", "/v1/vaults", "/v1/directory?id=1"]) {
      const { status } = await fetch(`${directory.url}${path}`);
      expect(status, path).toBe(path.includes("?") ? 400 : 404);
    }
  });
});

describe("a data folder", () => {
  let folder: ReturnType<typeof scratch>;
  beforeEach(() => {
    folder = scratch();
  });
  afterEach(() => folder.remove());

  it("of a cloud is refused", async () => {
    const data = join(folder.path, "data");
    mkdirSync(data);
    writeFileSync(join(data, "salus-cloud"), "");
    await expect(startDirectory({ data })).rejects.toMatchObject({ kind: "data-folder-foreign" });
  });

  it("that cannot be made is refused", async () => {
    const file = join(folder.path, "file");
    writeFileSync(file, "");
    const unmade = startDirectory({ data: join(file, "below") });
    await expect(unmade).rejects.toMatchObject({ kind: "data-folder-unusable" });
  });
});
