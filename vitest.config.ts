import { defineConfig, type TestUserConfig } from "vitest/config";
import { LongestFirst } from "./tools/longest-first.ts";

/** Those of `service` start databases, although they stand beside a package. */
const SERVICE = "packages/service/test/**/*.test.ts";

/**
 * Files share a worker and the modules that it has loaded: to load them again costs a file of tests two
 * seconds, more than most of them take. So a test leaves nothing behind in a module that another would
 * notice. There is one worker more than the two cores that we count on, because tests of the system
 * wait for other processes half of the time.
 */
const SHARED = { isolate: false, maxWorkers: 3, sequence: { sequencer: LongestFirst } } as const;

/** Quick, and needs nothing but Node. */
export const UNIT: TestUserConfig = {
  ...SHARED,
  include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
  exclude: [SERVICE],
  testTimeout: 30_000,
  hookTimeout: 120_000,
};

/** Starts databases, browsers and the program. */
export const SYSTEM: TestUserConfig = {
  ...SHARED,
  include: ["apps/*/test/**/*.test.ts", "test/**/*.test.ts", SERVICE],
  testTimeout: 300_000,
  // What has to be there before a story begins may take as long as the story.
  hookTimeout: 300_000,
  globalSetup: [
    "packages/testkit/src/in-memory.ts",
    "packages/testkit/src/made-databases.ts",
    "test/running/whole-program.ts",
  ],
};

/**
 * Tests say which they are by where they stand: beside a package, or in test/ and apps/. All of them
 * at once are run by `vitest.whole.config.ts`.
 */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [{ test: { ...UNIT, name: "unit" } }, { test: { ...SYSTEM, name: "system" } }],
  },
});
