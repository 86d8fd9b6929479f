import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe } from "vitest";

/** Where data for tests lie: SALUS_SHARED, or `shared` beside the checkout. */
const SHARED = process.env.SALUS_SHARED ?? join(import.meta.dirname, "../../../../shared");
const FOLDER = join(SHARED, "data/vectors");

/** Published vectors are not copied here. Where the folder is absent the suite says that it is skipped. */
export function describePublished(name: string, suite: () => void): void {
  if (existsSync(FOLDER)) describe(name, suite);
  else describe.skip(`${name} (skipped: there is no ${FOLDER})`, suite);
}

export function readPublished<T>(path: string): T {
  const file = readFileSync(join(FOLDER, path));
  return JSON.parse((path.endsWith(".gz") ? gunzipSync(file) : file).toString()) as T;
}

/** A Wycheproof file: tests in groups that share their parameters. */
export interface Wycheproof<Group, Test> {
  readonly numberOfTests: number;
  readonly testGroups: readonly (Group & { readonly tests: readonly (Test & Verdict)[] })[];
}

interface Verdict {
  readonly tcId: number;
  readonly result: "valid" | "invalid" | "acceptable";
}
