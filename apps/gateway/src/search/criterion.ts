import { fail, ok, type Result } from "@salus/base";
import {
  BALANCED,
  compileSearch,
  SEARCHED_TYPES,
  type SearchError,
  searchParameterOf,
  type WrittenParameter,
  writeQueryText,
} from "@salus/health";

/** One condition of a search. `label` is as the caller wrote it, which errors and links repeat. */
export type Criterion =
  /** What the encrypted world answers by itself. */
  | { readonly kind: "plain"; readonly label: string; readonly value: string }
  /** `subject:Patient.name=peter`: what the reference points to meets a condition of its own type. */
  | {
      readonly kind: "chain";
      readonly label: string;
      readonly reference: string;
      readonly targets: readonly Target[];
    }
  /** `_has:Observation:patient:code=1234`: something that points here meets a condition. */
  | {
      readonly kind: "has";
      readonly label: string;
      readonly type: string;
      readonly reference: string;
      readonly inner: Criterion;
    };

export type Composed = Exclude<Criterion, { readonly kind: "plain" }>;

export interface Target {
  readonly type: string;
  readonly inner: Criterion;
}

/** A chain of four steps over parameters that point to five types each is more than anybody asks. */
const CONDITIONS_MAX = 512;

/** Reads the conditions of one search. */
export class CriterionReader {
  readonly #now: number;
  #conditions = 0;

  constructor(now: number) {
    this.#now = now;
  }

  /**
   * Read one parameter of a type.
   *
   * Fails:   any `SearchError`, which names the parameter as the caller wrote it.
   * Source:  FHIR R4 search, "Chained parameters" and "Reverse chaining".
   */
  read(type: string, label: string, value: string): Result<Criterion, SearchError> {
    const found = this.#read(type, label, value, label);
    if (found.ok || !("parameter" in found.error)) return found;
    return fail({ ...found.error, parameter: label });
  }

  #read(type: string, label: string, value: string, whole: string): Result<Criterion, SearchError> {
    this.#conditions += 1;
    if (this.#conditions > CONDITIONS_MAX) return fail({ kind: "too-complex", parameter: whole });
    if (label === "_has" || label.startsWith("_has:")) return this.#has(type, label, value, whole);
    if (label.includes(".")) return this.#chain(type, label, value, whole);
    const text = writeQueryText(type, [written(label, value)]);
    const compiled = compileSearch(text, { policy: BALANCED, now: this.#now });
    return compiled.ok ? ok({ kind: "plain", label, value }) : compiled;
  }

  #has(type: string, label: string, value: string, whole: string): Result<Criterion, SearchError> {
    const [, pointing = "", reference = "", ...rest] = label.split(":");
    if (rest.length === 0) return fail({ kind: "unsupported-chain", parameter: whole });
    const parameter = searchParameterOf(pointing, reference);
    const points = parameter?.type === "reference" && mayPoint(parameter.targets, type);
    if (!points) return fail({ kind: "unsupported-chain", parameter: whole });
    const inner = this.#read(pointing, rest.join(":"), value, whole);
    if (!inner.ok) return inner;
    return ok({ kind: "has", label, type: pointing, reference, inner: inner.value });
  }

  #chain(
    type: string,
    label: string,
    value: string,
    whole: string,
  ): Result<Criterion, SearchError> {
    const dot = label.indexOf(".");
    const [reference = "", only] = label.slice(0, dot).split(":");
    const rest = label.slice(dot + 1);
    const parameter = searchParameterOf(type, reference);
    if (parameter === undefined) return fail({ kind: "unknown-parameter", parameter: whole });
    if (parameter.type !== "reference") {
      return fail({ kind: "unsupported-chain", parameter: whole });
    }
    const meant = parameter.targets;
    if (only !== undefined && !(SEARCHED_TYPES.includes(only) && mayPoint(meant, only))) {
      return fail({ kind: "unsupported-modifier", parameter: whole, modifier: only });
    }
    const targets: Target[] = [];
    let failure: SearchError = { kind: "unsupported-chain", parameter: whole };
    const every = meant.length === 0 ? SEARCHED_TYPES : meant;
    for (const target of only === undefined ? every : [only]) {
      const inner = this.#read(target, rest, value, whole);
      if (inner.ok) targets.push({ type: target, inner: inner.value });
      else if (isOfNoUse(inner.error)) failure = inner.error;
      else return inner;
    }
    if (targets.length === 0) return fail(failure);
    return ok({ kind: "chain", label, reference, targets });
  }
}

/** Of several types that a reference may point to, those without the parameter are not meant. */
function isOfNoUse({ kind }: SearchError): boolean {
  return [
    "unknown-parameter",
    "unsupported-chain",
    "unknown-type",
    "unsupported-modifier",
  ].includes(kind);
}

function mayPoint(targets: readonly string[], type: string): boolean {
  return targets.length === 0 || targets.includes(type);
}

/** A parameter as `writeQueryText` takes it. */
export function written(label: string, value: string): WrittenParameter {
  const colon = label.indexOf(":");
  const name = colon < 0 ? label : label.slice(0, colon);
  return { label, name, modifier: colon < 0 ? "" : label.slice(colon + 1), value };
}
