import { searchParameterOf } from "@salus/health";
import { type Criterion, written } from "./criterion.ts";

/** Types of which a world has few; of the others each patient has many. */
const FEW: ReadonlySet<string> = new Set(
  (
    "Patient Practitioner PractitionerRole Organization Location RelatedPerson Person CareTeam " +
    "HealthcareService Group Medication Device Coverage"
  ).split(" "),
);
const OF_MANY = 10;

const OF_KIND: Readonly<Record<string, number>> = {
  reference: 50,
  uri: 100,
  token: 200,
  string: 200,
  composite: 300,
  quantity: 500,
  number: 500,
  date: 1_000,
};

/** Modifiers that nothing is asked of the index for. */
const AFTERWARDS: ReadonlySet<string> = new Set(["not", "contains", "missing", "identifier"]);

/**
 * How much is likely to be opened to answer a condition: a guess that only decides what is asked first.
 * Infinite for what the index cannot narrow.
 */
export function costOf(type: string, criterion: Criterion): number {
  switch (criterion.kind) {
    case "plain":
      return plainCost(type, criterion);
    case "chain":
      return criterion.targets.reduce((sum, target) => sum + costOf(target.type, target.inner), 0);
    case "has":
      return costOf(criterion.type, criterion.inner);
  }
}

/** The cost of several conditions that must all hold: that of the best. */
export function costOfAll(type: string, criteria: readonly Criterion[]): number {
  return Math.min(Number.POSITIVE_INFINITY, ...criteria.map((each) => costOf(type, each)));
}

function plainCost(type: string, { label, value }: { label: string; value: string }): number {
  const { name, modifier } = written(label, value);
  const kind = searchParameterOf(type, name)?.type ?? "date";
  const negated = value.startsWith("ne") && ["date", "quantity", "number"].includes(kind);
  if (AFTERWARDS.has(modifier) || negated) return Number.POSITIVE_INFINITY;
  const alternatives = value.split(",").length;
  if (name === "_id" || name === "identifier") return alternatives;
  const many = FEW.has(type) ? 1 : OF_MANY;
  return (OF_KIND[kind] ?? 1_000) * many * alternatives;
}
