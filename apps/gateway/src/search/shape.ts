import { fail, ok, type Result } from "@salus/base";
import { BALANCED, compileSearch, type SearchError, writeQueryText } from "@salus/health";
import { written } from "./criterion.ts";
import { type Inclusion, readInclusion } from "./inclusion.ts";
import type { Projection, SummaryKind } from "./projection.ts";

/** How an answer is to look. */
export interface Shape {
  readonly count: number;
  /** `accurate` and `estimate` alike are counted; without either, the number is given when it is known. */
  readonly total: "none" | "known" | "counted";
  /** The value of `_sort`. */
  readonly sort: string | undefined;
  readonly inclusions: readonly Inclusion[];
  readonly projection: Projection;
}

export const COUNT_DEFAULT = 50;
export const COUNT_MAX = 1_000;

const SUMMARIES: ReadonlySet<string> = new Set(["true", "text", "data", "count", "false"]);
const ELEMENT = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9.]*)?$/;
const COUNT = /^\d{1,9}$/;

/** Reads the parameters that shape an answer, one after the other. */
export class ShapeReader {
  readonly #types: readonly string[];
  readonly #now: number;
  readonly #said = new Set<string>();
  readonly #inclusions: Inclusion[] = [];
  #count = COUNT_DEFAULT;
  #total: Shape["total"] = "known";
  #sort: string | undefined;
  #summary: SummaryKind | undefined;
  #elements: readonly string[] | undefined;

  /** Takes:   `types`, what is searched for. */
  constructor(types: readonly string[], now: number) {
    this.#types = types;
    this.#now = now;
  }

  /**
   * Take one parameter.
   *
   * Gives:   its value as applied; nothing for a parameter that shapes no answer.
   * Fails:   `bad-value`, also for one that is said twice: of two, none can be the one that is meant.
   */
  take(label: string, value: string): Result<string | undefined, SearchError> {
    const { name, modifier } = written(label, value);
    if (name === "_include" || name === "_revinclude") {
      const inclusion = readInclusion(label, value, this.#types);
      if (!inclusion.ok) return inclusion;
      this.#inclusions.push(inclusion.value);
      return ok(value);
    }
    if (!ONCE.has(name)) return ok(undefined);
    if (modifier !== "") return fail({ kind: "unsupported-modifier", parameter: label, modifier });
    if (this.#said.has(name)) return fail({ kind: "bad-value", parameter: label });
    this.#said.add(name);
    return this.#takeOnce(name, value);
  }

  shape(): Result<Shape, SearchError> {
    if (this.#summary !== undefined && this.#elements !== undefined) {
      return fail({ kind: "bad-value", parameter: "_elements" });
    }
    const projection: Projection = {
      ...(this.#summary && { summary: this.#summary }),
      ...(this.#elements && { elements: this.#elements }),
    };
    const counts = this.#count === 0;
    return ok({
      count: this.#count,
      total: counts ? "counted" : this.#total,
      sort: this.#sort,
      inclusions: this.#inclusions,
      projection,
    });
  }

  #takeOnce(name: string, value: string): Result<string | undefined, SearchError> {
    const bad: SearchError = { kind: "bad-value", parameter: name };
    switch (name) {
      case "_count":
        if (!COUNT.test(value)) return fail(bad);
        this.#count = Math.min(this.#count === 0 ? 0 : Number(value), COUNT_MAX);
        return ok(String(this.#count));
      case "_total":
        if (!["none", "estimate", "accurate"].includes(value)) return fail(bad);
        this.#total = value === "none" ? "none" : "counted";
        return ok(value);
      case "_summary":
        if (!SUMMARIES.has(value)) return fail(bad);
        if (value === "count") this.#count = 0;
        else if (value !== "false") this.#summary = value as SummaryKind;
        return ok(value);
      case "_elements": {
        const elements = value.split(",").map((element) => element.trim());
        if (!elements.every((element) => ELEMENT.test(element))) return fail(bad);
        this.#elements = elements;
        return ok(value);
      }
      case "_sort":
        return this.#takeSort(value);
      default:
        return ok(value);
    }
  }

  #takeSort(value: string): Result<string, SearchError> {
    for (const type of this.#types) {
      const text = writeQueryText(type, [written("_sort", value)]);
      const compiled = compileSearch(text, { policy: BALANCED, now: this.#now });
      if (!compiled.ok) return compiled;
    }
    this.#sort = value;
    return ok(value);
  }
}

const ONCE: ReadonlySet<string> = new Set([
  "_count",
  "_total",
  "_summary",
  "_elements",
  "_sort",
  "_format",
  "_pretty",
]);
