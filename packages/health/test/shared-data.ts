import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Resource } from "../src/index.ts";

/** The folder of shared test data: never part of the project, and never needed by a user. */
const FHIR = join(
  process.env.SALUS_SHARED ?? join(import.meta.dirname, "../../../../shared"),
  "data/fhir",
);

export const SHARED_DATA: boolean = existsSync(FHIR);

/** What a suite says of itself where the data is not there. */
export const BECAUSE: string = SHARED_DATA ? "" : " (skipped: there is no shared data here)";

function lines(file: string): readonly string[] {
  const text = gunzipSync(readFileSync(join(FHIR, file))).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

/** Every resource of the Synthea bundles, or of so many patients of each set, and the US Core examples. */
export function sharedResources(patients: number = Number.POSITIVE_INFINITY): readonly Resource[] {
  const bundles = ["synthea-ma-2019/bundles.ndjson.gz", "synthea-hiv-2021/bundles.ndjson.gz"]
    .flatMap((file) => lines(file).slice(0, patients))
    .flatMap((line) => (JSON.parse(line) as { entry: { resource: Resource }[] }).entry)
    .map(({ resource }) => resource);
  const examples = lines("us-core-examples/examples.ndjson.gz").map(
    (line) => JSON.parse(line) as Resource,
  );
  return [...bundles, ...examples];
}
