import { assert, fail, ok, type Result } from "@salus/base";
import type { Pair, Parameter } from "../policy/parameter.ts";
import { below, type ElementPath, elementsAt } from "../policy/path.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import type { SearchError } from "./compiled.ts";
import type { Alternative, Criterion } from "./criterion.ts";
import { anyOf, type Needle, type NeedleFault, type Questions, type ReadNeedle } from "./needle.ts";
import { readerOf } from "./needle-reader.ts";
import { askCodedQuantity } from "./quantity-needle.ts";
import { splitEscaped } from "./query-text.ts";

/** One side of a pair: the parameter, and its elements below the pair's own. */
interface Side {
  readonly parameter: Parameter;
  readonly paths: readonly ElementPath[];
  readonly read: ReadNeedle;
}

interface ReadPair {
  readonly base: ElementPath;
  readonly left: Side;
  readonly right: Side;
}

/** Read a composite, `8480-6$gt140`: both parts judged on the same element. */
export function readComposite(
  table: ResourceType,
  parameter: Parameter,
  texts: readonly string[],
  now: number,
  label: string,
): Result<Criterion, SearchError> {
  const pairs = parameter.pairs.map((pair) => readPair(table, pair));
  const alternatives: Alternative[] = [];
  const tests: ((resource: unknown) => boolean)[] = [];
  for (const text of texts) {
    const parts = splitEscaped(text, "$");
    const [left = "", right = ""] = parts;
    if (parts.length !== 2 || left === "" || right === "") {
      return fail({ kind: "bad-composite", parameter: label });
    }
    const found = readAlternative(pairs, left, right, now);
    if (!found.ok) return fail({ kind: found.error, parameter: label });
    tests.push(found.value.matches);
    alternatives.push(found.value.alternative);
  }
  return ok({
    name: parameter.name,
    label,
    parameter,
    matches: (resource) => tests.some((test) => test(resource)),
    alternatives,
  });
}

function readPair(table: ResourceType, { base, left, right }: Pair): ReadPair {
  const side = (name: string): Side => {
    const parameter = table.parameters.get(name);
    const read = parameter && readerOf(parameter, "");
    assert(parameter !== undefined && read !== undefined, "a composite pairs known parameters");
    const paths = parameter.paths.map((path) => below(base, path));
    assert(!paths.includes(undefined), "a composite's parts are below its element");
    return { parameter, read, paths: paths as readonly ElementPath[] };
  };
  return { base, left: side(left), right: side(right) };
}

function readAlternative(
  pairs: readonly ReadPair[],
  leftText: string,
  rightText: string,
  now: number,
): Result<
  { readonly matches: (resource: unknown) => boolean; readonly alternative: Alternative },
  NeedleFault
> {
  const tests: ((resource: unknown) => boolean)[] = [];
  const questions: Questions[] = [];
  const coded: string[] = [];
  let needles: readonly [Needle, Needle] | undefined;
  for (const { base, left, right } of pairs) {
    const context = { modifier: "", now };
    const a = left.read(leftText, left.parameter, context);
    if (!a.ok) return a;
    const b = right.read(rightText, right.parameter, context);
    if (!b.ok) return b;
    needles = [a.value, b.value];
    tests.push((resource) =>
      elementsAt(resource, base).some(
        (element) =>
          a.value.matches(valuesAt(element, left.paths)) &&
          b.value.matches(valuesAt(element, right.paths)),
      ),
    );
    if (right.parameter.coded === left.parameter.name) coded.push(right.parameter.name);
    questions.push([...a.value.questions, ...b.value.questions]);
  }
  const matches = (resource: unknown): boolean => tests.some((test) => test(resource));
  const range = needles?.[1].range;
  const codeText = needles?.[0].codeText;
  const underCode = coded.length === pairs.length && codeText !== undefined;
  if (underCode && range?.of === "quantity" && range.dimension === "") {
    const asked = [askCodedQuantity(coded, codeText, range)];
    return ok({ matches, alternative: { questions: asked, range, codeText, coded } });
  }
  return ok({ matches, alternative: { questions: anyOf(questions) } });
}

function valuesAt(element: unknown, paths: readonly ElementPath[]): readonly unknown[] {
  return paths.flatMap((path) => elementsAt(element, path));
}
