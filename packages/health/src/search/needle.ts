import type { Result } from "@salus/base";
import { OVERFLOW_KEYWORD } from "../derive/attribute.ts";
import type { Parameter } from "../policy/parameter.ts";

/**
 * A question to an index, of one parameter and any category yet. `attribute` is the parameter
 * with its suffix (`code:text`), to which a range adds its bound.
 */
export type Question =
  | { readonly kind: "tag"; readonly attribute: string; readonly keyword: string }
  | {
      readonly kind: "range";
      readonly attribute: string;
      readonly bits: number;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly kind: "composite";
      readonly attribute: string;
      readonly text: string;
      readonly from: number;
      readonly to: number;
    };

/** Every clause must hold, and of each one question. Without a clause the index has no answer. */
export type Questions = readonly (readonly Question[])[];

/** One of the alternatives that a parameter's value lists, for any kind of parameter. */
export interface Needle {
  /** Judge the values that a resource has at the parameter's paths, by R4's rules. */
  readonly matches: (values: readonly unknown[]) => boolean;
  /** What the index is asked for; never loses a match. */
  readonly questions: Questions;
  /** Of dates and quantities that have an index. */
  readonly range?: RangeNeedle;
  /** Of tokens that name a code: its text as composites have it. */
  readonly codeText?: string;
}

/** A range of days or numbers in which a match has a bound; both ends included. */
export type RangeNeedle = DayNeedle | QuantityNeedle;

interface Ends {
  readonly from: number;
  readonly to: number;
  /** The end that the search leaves open, so that another search may close it. */
  readonly open: "above" | "below" | "neither";
  /** Whether a value that reaches over both ends may match: it has no bound inside. */
  readonly reachesOver: boolean;
}

/** Ends are day codes. */
export interface DayNeedle extends Ends {
  readonly of: "date";
  /** Whether a match has its low bound in the range, or may have its high bound alone there. */
  readonly bound: "low" | "either";
}

/** Ends are numbers: canonical ones of `dimension`, or as written where that is empty. */
export interface QuantityNeedle extends Ends {
  readonly of: "quantity";
  readonly dimension: string;
}

/** Why a value cannot be asked; the compiler adds the parameter. */
export type NeedleFault =
  | "bad-date"
  | "bad-number"
  | "bad-unit"
  | "bad-token"
  | "bad-composite"
  | "bad-value"
  | "empty-value";

export type ReadNeedle = (
  text: string,
  parameter: Parameter,
  context: NeedleContext,
) => Result<Needle, NeedleFault>;

export interface NeedleContext {
  readonly modifier: string;
  readonly now: number;
}

/** The questions of a keyword in the parameters that share the index: any of them. */
export function askKeyword(parameter: Parameter, keyword: string | undefined): Questions {
  if (keyword === undefined || parameter.index.length === 0) return [];
  const keywords = parameter.many ? [keyword, OVERFLOW_KEYWORD] : [keyword];
  return [
    parameter.index.flatMap((name) =>
      keywords.map((each) => ({ kind: "tag" as const, attribute: name, keyword: each })),
    ),
  ];
}

/** More clauses than this from one parameter cost more than they save. */
const CLAUSES_MAX = 4;

/**
 * The questions of alternatives: one of them must hold. Each has clauses that all must hold, so one
 * is taken of each, in every way; or of each the first, which asks less and never loses a match.
 */
export function anyOf(alternatives: readonly Questions[]): Questions {
  if (alternatives.length === 0 || alternatives.some((clauses) => clauses.length === 0)) return [];
  const ways = alternatives.reduce((count, clauses) => count * clauses.length, 1);
  if (ways > CLAUSES_MAX) return [alternatives.flatMap((clauses) => clauses[0] ?? [])];
  return alternatives.reduce<Questions>(
    (before, clauses) => before.flatMap((clause) => clauses.map((next) => [...clause, ...next])),
    [[]],
  );
}
