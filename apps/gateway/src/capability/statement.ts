import type { Resource } from "@salus/client";
import { FHIR_JSON, JSON_PATCH } from "../http/formats.ts";
import type { World } from "../world.ts";
import { resourceTypes } from "./resource-types.ts";

/** What a statement is about. */
export interface Described {
  /** The FHIR base. */
  readonly base: string;
  /** When the gateway was started, in milliseconds since 1970. */
  readonly started: number;
  readonly abilities: World["abilities"];
  /** `CapabilityStatement.rest.security`, from whoever guards it. */
  readonly security: Readonly<Record<string, unknown>>;
}

const DOCUMENTATION = `Records are kept by a cloud that cannot read them. This gateway seals and indexes what is written, asks the cloud under encryption, and opens what comes back.
Each search parameter says where it is judged. Chains, _has, _include, _revinclude, _sort and :not are composed here, within a bound on how many records are opened for one search; above it a search is refused (422, too-costly) and never shortened.
A transaction is one transaction of the cloud for each vault that it writes into. Over several vaults it is all or nothing by compensation: what was stored is taken back when a later vault refuses, and others may have seen it meanwhile.
Numbers are kept as IEEE 754 doubles: their value, not their trailing zeros. An unknown parameter is refused unless the client prefers handling=lenient. There is no history of a type or of the whole.`;

const BUNDLES = "One commit for each vault; see the documentation of this server.";
const DEFINITIONS = "http://hl7.org/fhir/OperationDefinition";

/** The operations that are here, by the type that they are of; those of every type by none. */
const OPERATIONS: ReadonlyMap<string, readonly object[]> = new Map([
  [
    "Patient",
    [
      { name: "everything", definition: `${DEFINITIONS}/Patient-everything` },
      {
        name: "summary",
        definition: "http://hl7.org/fhir/uv/ips/OperationDefinition/summary",
      },
    ],
  ],
  ["", [{ name: "validate", definition: `${DEFINITIONS}/Resource-validate` }]],
]);

/**
 * Say what this gateway can do, and nothing else.
 *
 * Source:  R4 CapabilityStatement; R4 http §3.1.0.15.
 */
export function capabilityStatement(described: Described): Resource {
  const { base, started, abilities, security } = described;
  const { reads, writes } = abilities;
  const interactions = [
    ...(writes ? [{ code: "transaction", documentation: BUNDLES }] : []),
    { code: "batch" },
    ...(reads ? [{ code: "search-system" }] : []),
  ];
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: new Date(started).toISOString(),
    kind: "instance",
    software: { name: "Salus gateway" },
    implementation: { description: "FHIR over records that their cloud cannot read", url: base },
    fhirVersion: "4.0.1",
    format: [FHIR_JSON, "application/json", "json"],
    patchFormat: [JSON_PATCH],
    rest: [
      {
        mode: "server",
        documentation: DOCUMENTATION,
        security,
        resource: resourceTypes(abilities, reads ? OPERATIONS : new Map()),
        interaction: interactions,
        ...(reads && { compartment: ["http://hl7.org/fhir/CompartmentDefinition/patient"] }),
      },
    ],
  };
}

/** What `?mode=terminology` asks for: there is no service of terminology here, and this says so. */
export function terminologyCapabilities({ base, started }: Described): Resource {
  return {
    resourceType: "TerminologyCapabilities",
    status: "active",
    date: new Date(started).toISOString(),
    kind: "instance",
    software: { name: "Salus gateway" },
    implementation: { description: "No terminology is served here", url: base },
    lockedDate: false,
  };
}
