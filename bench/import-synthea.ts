import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Figure } from "./figure.ts";
import { importFiles } from "./support/import-run.ts";

/**
 * Importing 150 published Synthea histories end to end: 40,408 records of 83 organisations; client,
 * cloud and PostgreSQL share the machine. The data are not part of the project: SALUS_SHARED, or `shared`
 * beside the checkout; without them there is no figure.
 */
const SHARED = process.env.SALUS_SHARED ?? resolve(import.meta.dirname, "../../shared");
const FILES = ["organizations", "practitioners", "bundles"].map((name) =>
  join(SHARED, `data/fhir/synthea-ma-2019/${name}.ndjson.gz`),
);

export async function run(): Promise<readonly Figure[]> {
  if (!FILES.every((file) => existsSync(file))) return [];
  const folder = mkdtempSync(join(tmpdir(), "salus-bench-"));
  try {
    const { stored, entries, seconds } = await importFiles(folder, FILES);
    const rate = (name: string, unit: string, count: number): Figure => ({
      ...{ name, unit, value: count / seconds, baseline: null, ratio: null },
    });
    return [
      rate("import-synthea", "records/s", stored),
      rate("import-synthea-entries", "entries/s", entries),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
