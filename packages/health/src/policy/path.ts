import { assert } from "@salus/base";

/** A path of elements from a resource downwards, `component.code`; arrays are walked through. */
export interface ElementPath {
  readonly text: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly key: string;
  /** Keep only elements whose `field` is `value`: `telecom[system=phone]`. */
  readonly where?: { readonly field: string; readonly value: string };
}

const STEP = /([A-Za-z]+)(?:\[([a-z]+)=([^\]]+)\])?(?:\.|$)/y;

/** Read a path of a policy table. */
export function parsePath(text: string): ElementPath {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const found = STEP.exec(text);
    assert(found !== null, `a policy table has a path that can be read: ${text}`);
    const [, key = "", field, value] = found;
    steps.push(
      field === undefined || value === undefined ? { key } : { key, where: { field, value } },
    );
  }
  return { text, steps };
}

const NOTHING: readonly unknown[] = [];

/**
 * Collect the elements at a path, arrays flattened, nulls left out.
 *
 * Takes:   any JSON value. What is not an object on the way has no such element; arrays within
 *          arrays, which FHIR does not have, are not entered, so hostile nesting costs nothing.
 * Cost:    allocates nothing where there is none, which is the common case.
 */
export function elementsAt(root: unknown, path: ElementPath): readonly unknown[] {
  const { steps } = path;
  const first = steps[0];
  if (first === undefined) return [root];
  if (!isObject(root) || root[first.key] === undefined) return NOTHING;
  const found: unknown[] = [];
  descend(root, steps, 0, found);
  return found;
}

function descend(
  parent: Readonly<Record<string, unknown>>,
  steps: readonly Step[],
  at: number,
  found: unknown[],
): void {
  const { key, where } = steps[at] as Step;
  const next = parent[key];
  if (Array.isArray(next)) {
    for (const item of next) take(item, where, steps, at, found);
  } else {
    take(next, where, steps, at, found);
  }
}

function take(
  value: unknown,
  where: Step["where"],
  steps: readonly Step[],
  at: number,
  found: unknown[],
): void {
  if (value === null || value === undefined || Array.isArray(value)) return;
  if (where !== undefined && !(isObject(value) && value[where.field] === where.value)) return;
  if (at === steps.length - 1) found.push(value);
  else if (isObject(value)) descend(value, steps, at + 1, found);
}

/** Whether a JSON value is an object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The path that remains below `base`; undefined where `path` does not lead through it. */
export function below(base: ElementPath, path: ElementPath): ElementPath | undefined {
  const lead = base.steps.every((step, at) => path.steps[at]?.key === step.key);
  if (!lead) return undefined;
  const steps = path.steps.slice(base.steps.length);
  return { text: steps.map((step) => step.key).join("."), steps };
}
