/** One step of the schema. */
export interface Migration {
  readonly version: number;
  /** One DDL statement each, harmless when it was done before: a crash between two is made good. */
  readonly statements: readonly string[];
}
