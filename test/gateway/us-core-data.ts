import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readBundle, SHARED, SYNTHEA } from "../oracle/dataset.ts";
import type { AnyResource } from "./running-gateway.ts";

const EXAMPLES = join(SHARED, "data/fhir/us-core-examples/examples.ndjson.gz");
/** The smallest histories of the set, so that loading them takes little. */
const HISTORIES = 2;

const lines = (path: string): unknown[] =>
  gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);

/** What the examples have none of, and searches of US Core ask for. */
const MADE: readonly AnyResource[] = [
  {
    resourceType: "PractitionerRole",
    id: "made-role",
    practitioner: { reference: "Practitioner/practitioner-1" },
    specialty: [{ coding: [{ system: "http://nucc.org/provider-taxonomy", code: "208D00000X" }] }],
  },
  {
    resourceType: "Provenance",
    id: "made-provenance",
    target: [{ reference: "Patient/child-example" }],
    recorded: "2024-01-01T00:00:00Z",
    agent: [{ who: { reference: "Practitioner/practitioner-1" } }],
  },
];

/** US Core's own examples, and what Synthea made of a few people. */
export function usCoreData(): readonly AnyResource[] {
  const examples = lines(EXAMPLES) as AnyResource[];
  const bundles = lines(SYNTHEA) as { readonly entry: readonly object[] }[];
  const small = [...bundles].sort((a, b) => a.entry.length - b.entry.length).slice(0, HISTORIES);
  const made = small.flatMap((bundle) => readBundle(bundle as never));
  const patients = new Set(
    examples.filter(({ resourceType }) => resourceType === "Patient").map(({ id }) => id),
  );
  const hers = examples.filter((resource) => isOfSomebody(resource, patients));
  const all = [...hers, ...MADE, ...made.map(({ resource }) => resource as unknown as AnyResource)];
  // A narrative is nothing that is searched for, and one of the examples has a broken one.
  return all.map(({ text: _narrative, ...rest }) => rest as AnyResource);
}

/** Examples of patients who are not among the examples have no vault, and bundles are none of a record. */
function isOfSomebody(resource: AnyResource, patients: ReadonlySet<string>): boolean {
  if (resource.resourceType === "Bundle") return false;
  const about = (resource.subject ?? resource.patient ?? resource.beneficiary) as
    | { readonly reference?: string }
    | undefined;
  const [type, id = ""] = about?.reference?.split("/") ?? [];
  return type !== "Patient" || patients.has(id);
}
