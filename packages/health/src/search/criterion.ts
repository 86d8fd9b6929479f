import type { Parameter } from "../policy/parameter.ts";
import type { Questions, RangeNeedle } from "./needle.ts";

/** One parameter of a search: the filter, and what the index is asked of each alternative. */
export interface Criterion {
  readonly name: string;
  /** As written, with its modifier. */
  readonly label: string;
  readonly parameter?: Parameter;
  readonly matches: (resource: unknown) => boolean;
  /** Empty where the index cannot answer. */
  readonly alternatives: readonly Alternative[];
}

export interface Alternative {
  readonly questions: Questions;
  readonly range?: RangeNeedle;
  readonly codeText?: string;
  /** Of a composite of code and quantity: the quantities that stand under the code. */
  readonly coded?: readonly string[];
}
