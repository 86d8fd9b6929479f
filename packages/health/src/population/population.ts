/** A FHIR resource as this package makes and reads it: JSON, with a type and an id. */
export interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

export interface Identifier {
  readonly system: string;
  readonly value: string;
}

export interface Physician {
  readonly id: string;
  readonly name: string;
  readonly identifier: Identifier;
  readonly resource: Resource;
}

export interface Department {
  readonly id: string;
  readonly name: string;
  readonly identifier: Identifier;
  readonly physicians: readonly Physician[];
  readonly resource: Resource;
}

export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly identifier: Identifier;
  readonly departments: readonly Department[];
  readonly resource: Resource;
}

/** A resource and the node of the provider tree that wrote it, by ids. */
export interface SourcedRecord {
  readonly resource: Resource;
  readonly organisation: string;
  readonly department: string;
  readonly physician: string;
}

export interface PatientHistory {
  readonly patient: Resource;
  /** Made as it is read, oldest first, in constant memory; reading it again gives the same. */
  readonly records: Iterable<SourcedRecord>;
}

export interface PopulationOptions {
  readonly seed: number;
  readonly patients: number;
  readonly hospitals: number;
  /** Years of history before `until`; 10 when not given. */
  readonly years?: number;
  /** Last day of the histories, `YYYY-MM-DD`. */
  readonly until?: string;
}

export interface Population {
  readonly organisations: readonly Organisation[];
  readonly patients: Iterable<PatientHistory>;
}
