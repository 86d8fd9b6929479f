import { defineConfig } from "vitest/config";
import { LongestFirst } from "./tools/longest-first.ts";

/**
 * `unit` is quick and needs nothing but Node; `system` starts databases, browsers and the program.
 * Tests say which they are by where they stand: beside a package, or in test/ and apps/; those of
 * `service` start databases.
 */
const SERVICE = "packages/service/test/**/*.test.ts";

/**
 * Files share a worker and the modules that it has loaded: to load them again costs a file of tests two
 * seconds, more than most of them take. So a test leaves nothing behind in a module that another would
 * notice. There is one worker more than the two cores that we count on, because tests of the system
 * wait for other processes half of the time.
 */
const SHARED = { isolate: false, maxWorkers: 3 } as const;

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [SERVICE],
          testTimeout: 30_000,
          hookTimeout: 120_000,
          ...SHARED,
        },
      },
      {
        test: {
          name: "system",
          include: ["apps/*/test/**/*.test.ts", "test/**/*.test.ts", SERVICE],
          testTimeout: 300_000,
          // What has to be there before a story begins may take as long as the story.
          hookTimeout: 300_000,
          globalSetup: [
            "packages/testkit/src/in-memory.ts",
            "packages/testkit/src/made-databases.ts",
            "test/running/whole-program.ts",
          ],
          ...SHARED,
        },
      },
    ],
  },
});
