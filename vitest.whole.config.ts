import { defineConfig } from "vitest/config";
import { SYSTEM, UNIT } from "./vitest.config.ts";

/**
 * Every test, as one project: two have workers of their own, and the modules that both kinds of tests
 * need were transformed and loaded once more for the second.
 */
export default defineConfig({
  test: { ...SYSTEM, include: [...(UNIT.include ?? []), ...(SYSTEM.include ?? [])] },
});
