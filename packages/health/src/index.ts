export { type Assigned, type Assignment, CareMap } from "./assignment.ts";
export { isOfPeriod } from "./care-period.ts";
export {
  type AbdmConsent,
  type AskedAccess,
  type ConsentDecision,
  type ConsentFault,
  type ConsentRecord,
  decodeAbdmConsent,
  decodeFhirConsent,
  encodeAbdmConsent,
  encodeAuditEvent,
  encodeFhirConsent,
  type GrantedAccess,
  type Party,
  type Period,
  type ReplyMailbox,
  type TrailAction,
  type TrailRecord,
} from "./consent/index.ts";
export { deriveIndex } from "./derive/derive.ts";
export type {
  AttributeText,
  Composite,
  DeriveContext,
  DerivedIndex,
  DeriveError,
  IndexEntry,
  Remark,
} from "./derive/entry.ts";
export {
  type DescribedCode,
  type DescribedValue,
  type Description,
  describe,
} from "./describe/describe.ts";
export type { Detail, DetailName } from "./describe/details.ts";
export {
  codesOf,
  dateOf,
  humanName,
  type Json,
  objects,
  textOf,
  valueText,
} from "./describe/text.ts";
export { type Recorded, sameFacts } from "./facts/same.ts";
export {
  CATEGORIES,
  type Category,
  isSensitive,
  ORDINARY_CATEGORIES,
  type OrdinaryCategory,
  SENSITIVE_CATEGORIES,
  type SensitiveCategory,
} from "./policy/category.ts";
export type { Parameter, ParameterType } from "./policy/parameter.ts";
export {
  BALANCED,
  POLICY_VERSION,
  type Policy,
  type PolicyKind,
  type PolicyVersion,
  policyOf,
  rangeKind,
  SEALED_ONLY,
} from "./policy/policy.ts";
export {
  compartmentParameters,
  type PublishedParameter,
  publishedParameter,
} from "./policy/published.ts";
export type { ResourceType } from "./policy/resource-type.ts";
export { RESOURCE_TYPES, resourceTypeOf } from "./policy/types.ts";
export { population } from "./population/generate.ts";
export type {
  Department,
  Identifier,
  Organisation,
  PatientHistory,
  Physician,
  Population,
  PopulationOptions,
  Resource,
  SourcedRecord,
} from "./population/population.ts";
export { compileSearch, sourceClause } from "./search/compile.ts";
export type {
  Clause,
  CompiledSearch,
  CompositeRange,
  Direction,
  Predicate,
  SearchError,
  SearchOptions,
  SortColumn,
  SortKey,
} from "./search/compiled.ts";
export {
  type DescribedParameter,
  describedParametersOf,
  SEARCHED_TYPES,
  type SearchParameter,
  searchParameterOf,
  searchParametersOf,
} from "./search/parameters.ts";
export {
  readQueryText,
  splitEscaped,
  unescaped,
  type WrittenParameter,
  writeQueryText,
} from "./search/query-text.ts";
export { type Referenced, referencesOf } from "./search/references.ts";
export type { SectionName } from "./summary/sections.ts";
export {
  buildSummary,
  type Summary,
  type SummaryParts,
  type SummarySection,
} from "./summary/summary.ts";
export { LOINC, SNOMED, UCUM } from "./systems.ts";
