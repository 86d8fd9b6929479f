import { defineConfig } from "vitest/config";

/**
 * `unit` is quick and needs nothing but Node; `system` starts databases, browsers and the program.
 * Tests say which they are by where they stand: beside a package, or in test/ and apps/; those of
 * `service` start databases.
 */
const SERVICE = "packages/service/test/**/*.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [SERVICE],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "system",
          include: ["apps/*/test/**/*.test.ts", "test/**/*.test.ts", SERVICE],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: true,
          maxWorkers: 2,
          // After the quick ones: projects with other numbers of workers do not run side by side.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
