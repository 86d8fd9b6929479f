import { assert, fail, ok, type Result } from "@salus/base";
import { COMPOSITE_BITS, TEXT_BITS, VALUE_BITS } from "../canonical/number-code.ts";
import { PATH_PARAMETER, TYPE_PARAMETER, tagAttribute } from "../derive/attribute.ts";
import type { Category } from "../policy/category.ts";
import { isObject } from "../policy/path.ts";
import { type Policy, rangeKind } from "../policy/policy.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { resourceTypeOf } from "../policy/types.ts";
import type { Clause, CompiledSearch, Predicate, SearchError, SearchOptions } from "./compiled.ts";
import type { Criterion } from "./criterion.ts";
import { joinCriteria } from "./joining.ts";
import { anyOf, type Question } from "./needle.ts";
import { comparison, type Order, readOrder } from "./order.ts";
import { readQueryText, type WrittenParameter, writeQueryText } from "./query-text.ts";
import { readCriterion } from "./written-criterion.ts";

const PARAMETERS_MAX = 24;
const COUNT = /^\d{1,9}$/;

/** Parameters of R4 that shape the reply of a server and change nothing here. */
const WITHOUT_EFFECT = new Set(["_format", "_pretty"]);
/** Parameters of R4 that are refused, since leaving them out would change the answer. */
const UNSUPPORTED = new Set(
  "_include _revinclude _elements _contained _containedType _text _content _filter _list _query _has _score".split(
    " ",
  ),
);

/** What the result parameters say. */
interface Shape {
  orders: readonly Order[];
  count?: number;
  total: boolean;
}

/**
 * Turn a FHIR search into questions to the encrypted index and an exact filter for what comes back.
 *
 * Takes:   `text`, `Type?name=value&…` as it stands in a URL, or `Patient/id/Type?…`.
 * Gives:   clauses that lose no match: of the resources of a record set, every one that `matches`
 *          accepts has entries that meet every clause, under the same policy.
 * Leaks:   nothing by itself; asked, each predicate shows what its index shows of a query:
 *          spec/ordered-index.md §7, sealed-index.md §5, tags.md.
 * Fails:   any `SearchError`; with `lenient`, unknown and unsupported parameters are dropped
 *          and named, all else is refused still.
 * Source:  FHIR R4 search; spec/policy.md §8.
 */
export function compileSearch(
  text: string,
  options: SearchOptions,
): Result<CompiledSearch, SearchError> {
  const written = readQueryText(text);
  if (!written.ok) return written;
  const { type, parameters } = written.value;
  const table = resourceTypeOf(type, options.policy.version);
  if (table === undefined) return fail({ kind: "unknown-type", type });
  if (parameters.length > PARAMETERS_MAX) return fail({ kind: "too-complex", parameter: "" });
  const shape: Shape = { orders: [], total: false };
  const criteria: Criterion[] = [];
  const dropped: string[] = [];
  for (const parameter of parameters) {
    const error = take(table, parameter, options, shape, criteria);
    if (error === undefined) continue;
    if (options.lenient !== true || !isDroppable(error)) return fail(error);
    dropped.push(parameter.label);
  }
  return ok(assemble(table, parameters, options.policy, shape, criteria, dropped));
}

function take(
  table: ResourceType,
  parameter: WrittenParameter,
  options: SearchOptions,
  shape: Shape,
  criteria: Criterion[],
): SearchError | undefined {
  const { label, name } = parameter;
  if (WITHOUT_EFFECT.has(label)) return undefined;
  if (["_count", "_sort", "_total", "_summary"].includes(label)) {
    return takeShape(table, parameter, options.policy, shape);
  }
  if (name === "_has" || label.includes("."))
    return { kind: "unsupported-chain", parameter: label };
  if (UNSUPPORTED.has(name)) return { kind: "unsupported-parameter", parameter: label };
  const criterion = readCriterion(table, parameter, options.now);
  if (!criterion.ok) return criterion.error;
  criteria.push(criterion.value);
  return undefined;
}

function takeShape(
  table: ResourceType,
  { label, value }: WrittenParameter,
  policy: Policy,
  shape: Shape,
): SearchError | undefined {
  const bad: SearchError = { kind: "bad-value", parameter: label };
  switch (label) {
    case "_count":
      if (!COUNT.test(value)) return bad;
      shape.count = Number(value);
      return undefined;
    case "_total":
      if (!["none", "estimate", "accurate"].includes(value)) return bad;
      shape.total ||= value !== "none";
      return undefined;
    case "_summary":
      if (value === "false") return undefined;
      if (value !== "count") return { kind: "unsupported-parameter", parameter: label };
      shape.count = 0;
      shape.total = true;
      return undefined;
    default: {
      const orders = readOrder(table, value, policy);
      if ("unknown" in orders) return { kind: "unknown-parameter", parameter: label };
      shape.orders = orders;
      return undefined;
    }
  }
}

function isDroppable({ kind }: SearchError): boolean {
  return ["unknown-parameter", "unsupported-parameter", "unsupported-chain"].includes(kind);
}

function assemble(
  table: ResourceType,
  parameters: readonly WrittenParameter[],
  policy: Policy,
  { orders, count, total }: Shape,
  criteria: readonly Criterion[],
  dropped: readonly string[],
): CompiledSearch {
  const { type } = table;
  return {
    type,
    clauses: clausesOf(table, policy, criteria),
    sort: orders.map(({ key }) => key),
    ...(count === undefined ? {} : { count }),
    total: total || count === 0,
    applied: writeQueryText(
      type,
      parameters.filter(({ label }) => !dropped.includes(label)),
    ),
    asked: criteria.map(({ label }) => label),
    evaluated: criteria.filter(isEvaluated).map(({ label }) => label),
    dropped,
    matches: (resource) =>
      isObject(resource) &&
      resource.resourceType === type &&
      criteria.every((criterion) => criterion.matches(resource)),
    compare: comparison(orders),
  };
}

/** Whether every alternative of a parameter has something that the index can be asked. */
function isEvaluated({ alternatives }: Criterion): boolean {
  return alternatives.length > 0 && alternatives.every(({ questions }) => questions.length > 0);
}

function clausesOf(
  table: ResourceType,
  policy: Policy,
  criteria: readonly Criterion[],
): readonly Clause[] {
  const asked = joinCriteria(criteria).flatMap(({ alternatives }) =>
    anyOf(alternatives.map(({ questions }) => questions)),
  );
  // Nothing that the index can answer: all of the type, and the filter decides.
  const whole: Question = { kind: "tag", attribute: TYPE_PARAMETER, keyword: table.type };
  const clauses = asked.length === 0 ? [[whole]] : asked;
  return clauses.map((questions) => ({
    any: questions.flatMap((question) =>
      table.categories.map((category) => predicateOf(question, category, table.type, policy)),
    ),
  }));
}

function predicateOf(
  question: Question,
  category: Category,
  type: string,
  policy: Policy,
): Predicate {
  const attribute = tagAttribute(category, type, question.attribute);
  const kind = rangeKind(policy, category);
  switch (question.kind) {
    case "tag":
      return { kind: "tag", category, attribute, keyword: question.keyword };
    case "range": {
      const { bits, from, to } = question;
      return { kind, category, attribute, bits, from, to };
    }
    case "composite": {
      const { text, from, to } = question;
      const composite = { text, high: TEXT_BITS, low: VALUE_BITS, from, to };
      return { kind, category, attribute, bits: COMPOSITE_BITS, composite };
    }
  }
}

/**
 * The clause that keeps a search of a type to one subtree of sources.
 *
 * Takes:   `node`, the id of an organisation, department or physician, as given to `deriveIndex`.
 */
export function sourceClause(type: string, node: string): Clause {
  const table = resourceTypeOf(type);
  assert(table !== undefined, "a source clause is of a type that a search was compiled for");
  return {
    any: table.categories.map((category) => ({
      kind: "tag",
      category,
      attribute: tagAttribute(category, type, PATH_PARAMETER),
      keyword: node,
    })),
  };
}
