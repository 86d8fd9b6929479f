import published from "./published.json" with { type: "json" };

/** What HL7 publishes about a search parameter, for one type. */
export interface PublishedParameter {
  readonly type: string;
  readonly documentation: string;
  /** FHIRPath from the resource; absent where a parameter has no elements. */
  readonly expression?: string;
  /** References: the types that may be pointed to. */
  readonly targets?: readonly string[];
}

type Published = Readonly<Record<string, Readonly<Record<string, PublishedParameter>>>>;

/**
 * The published definition of a parameter; undefined for what R4 does not define, and for types that are
 * indexed by a few parameters only.
 *
 * Source:  published.json, which tools/search-parameters.ts slices from HL7's definitions of FHIR 4.0.1.
 */
export function publishedParameter(type: string, name: string): PublishedParameter | undefined {
  const types: Published = published.types;
  return types[type]?.[name] ?? types.Resource?.[name];
}

/**
 * The parameters by which a type belongs to the compartment of a patient; none for one that does not.
 *
 * Source:  FHIR R4, CompartmentDefinition patient, by published.json.
 */
export function compartmentParameters(type: string): readonly string[] {
  const types: Readonly<Record<string, readonly string[]>> = published.compartment;
  return types[type] ?? [];
}
