import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { loadDataType } from "@medplum/core";
import { assert } from "@salus/base";

/** As the validator takes it. */
export type StructureDefinition = Parameters<typeof loadDataType>[0];

/** The codes of a value set, by their system. */
export type Codes = Readonly<Record<string, readonly string[]>>;

const BASE = "http://hl7.org/fhir/StructureDefinition/";
/** Beside the bundle; and where the build puts it first, for whoever runs this file as it is. */
const PLACES = ["./definitions.br", "../../dist/definitions.br"];

/**
 * HL7's definitions of R4 and what there is of US Core, sliced by tools/build-definitions.mjs.
 *
 * Types are handed to the validator when something of them is judged for the first time: all of them would
 * take half a second, and most gateways see a dozen.
 */
export class Definitions {
  /** Still as text: the whole of it, parsed, would be 20 MB. */
  readonly #texts: ReadonlyMap<string, string>;
  readonly #loaded = new Set<string>();
  readonly #profiles = new Map<string, StructureDefinition>();
  readonly #codes = new Map<string, Codes | undefined>();
  readonly #types: ReadonlySet<string>;

  constructor(text: string) {
    const [, ...lines] = text.split("\n");
    const entries = lines.map((line) => {
      const tab = line.indexOf("\t");
      return [line.slice(0, tab), line.slice(tab + 1)] as const;
    });
    this.#texts = new Map(entries);
    const resources = new Set<string>();
    for (const [url, json] of entries) {
      if (!isDefinition(json) || !url.startsWith(BASE)) continue;
      if (json.includes(`"kind":"resource"`)) resources.add(url.slice(BASE.length));
      else loadDataType(JSON.parse(json) as StructureDefinition);
    }
    for (const general of ["Resource", "DomainResource"]) {
      this.loadType(general);
      resources.delete(general);
    }
    this.#types = resources;
  }

  /** Whether R4 has resources of this type. */
  hasType(type: string): boolean {
    return this.#types.has(type);
  }

  /** Let the validator know a type of resources. */
  loadType(type: string): void {
    if (this.#loaded.has(type)) return;
    this.#loaded.add(type);
    const text = this.#texts.get(BASE + type);
    assert(text !== undefined, "a type that R4 has is loaded");
    loadDataType(JSON.parse(text) as StructureDefinition);
  }

  /** A profile by its address, without a version; nothing where it is not known here. */
  profile(url: string): StructureDefinition | undefined {
    const kept = this.#profiles.get(url);
    if (kept !== undefined) return kept;
    const text = this.#texts.get(url);
    if (text === undefined || !isDefinition(text)) return undefined;
    const definition = JSON.parse(text) as StructureDefinition;
    this.#profiles.set(url, definition);
    return definition;
  }

  /** The codes of a value set; nothing where not all of them are published. */
  codesOf(url: string): Codes | undefined {
    if (this.#codes.has(url)) return this.#codes.get(url);
    const text = this.#texts.get(url);
    const codes =
      text === undefined || isDefinition(text) ? undefined : (JSON.parse(text) as Codes);
    this.#codes.set(url, codes);
    return codes;
  }
}

function isDefinition(json: string): boolean {
  return json.startsWith(`{"resourceType":"StructureDefinition"`);
}

let reading: Promise<Definitions> | undefined;

/**
 * The definitions, read once in the life of a process.
 *
 * Cost:    a tenth of a second and 15 MB, the first time.
 */
export function definitions(): Promise<Definitions> {
  reading ??= read();
  return reading;
}

async function read(): Promise<Definitions> {
  for (const place of PLACES) {
    const packed = await readFile(new URL(place, import.meta.url)).catch(() => undefined);
    if (packed === undefined) continue;
    return new Definitions((await promisify(brotliDecompress)(packed)).toString("utf8"));
  }
  throw new Error(
    "bug: the definitions of FHIR are not beside the program: tools/build.mjs makes them",
  );
}
