import { type Bytes, fail, type Result, toHex } from "@salus/base";
import * as v from "valibot";
import { PROBLEM_STATUS, type Problem, type ProblemFields, type ProblemKind } from "./errors.ts";
import { parseAs, type Schema, uintField } from "./fields.ts";
import { Digest, type Malformed, type Opaque, RecordHandle } from "./ids.ts";

export const PROBLEM_MEDIA = "application/problem+json";

/**
 * A problem as the body of an answer.
 *
 * Source:  RFC 9457 §3; spec/api.md.
 */
export function encodeProblem(problem: Problem): string {
  const { kind, ...fields } = problem;
  const told = Object.entries(fields).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? toHex(value) : value,
  ]);
  const common = {
    type: "about:blank",
    title: kind.replaceAll("-", " "),
    status: PROBLEM_STATUS[kind],
    kind,
  };
  return JSON.stringify({ ...common, ...Object.fromEntries(told) });
}

/**
 * Read the body of an answer that is an error. What wrote it may be no cloud at all.
 *
 * Fails:   `malformed`.
 */
export function parseProblem(body: string): Result<Problem, Malformed> {
  try {
    return parseAs(problem, JSON.parse(body), "problem");
  } catch {
    return fail({ kind: "malformed", what: "problem" });
  }
}

const common = { type: v.literal("about:blank"), title: v.string(), status: v.number() };

function problemWith<K extends keyof ProblemFields>(
  kind: K,
  fields: { readonly [F in keyof ProblemFields[K]]: Schema<ProblemFields[K][F]> },
): Schema<{ readonly kind: K } & ProblemFields[K]> {
  const shape = v.strictObject({ ...common, kind: v.literal(kind), ...fields });
  return v.pipe(
    shape,
    v.transform(({ type, title, status, ...rest }) => rest),
  ) as unknown as Schema<{ readonly kind: K } & ProblemFields[K]>;
}

function hexField<T extends Bytes>(opaque: Opaque<T>): Schema<T> {
  return v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const value = opaque.fromHex(dataset.value);
      if (value.ok) return value.value;
      addIssue();
      return NEVER;
    }),
  );
}

const withFields = {
  malformed: problemWith("malformed", { what: v.string() }),
  "batch-number": problemWith("batch-number", { number: uintField(1), hash: hexField(Digest) }),
  "revision-conflict": problemWith("revision-conflict", {
    record: hexField(RecordHandle),
    revision: uintField(),
  }),
  "chain-conflict": problemWith("chain-conflict", { seq: uintField(), hash: hexField(Digest) }),
} satisfies { readonly [K in keyof ProblemFields]: Schema<unknown> };

type Plain = Exclude<Problem, { readonly kind: keyof ProblemFields }>;

const plain: Schema<Plain> = v.pipe(
  v.strictObject({ ...common, kind: v.string() }),
  v.check(({ kind }) => isPlainKind(kind)),
  v.transform(({ kind }) => ({ kind }) as Plain),
);

function isPlainKind(kind: string): kind is Plain["kind"] {
  return Object.hasOwn(PROBLEM_STATUS, kind) && !Object.hasOwn(withFields, kind);
}

const problem: Schema<Problem> = v.union([...Object.values(withFields), plain]);

/** Whether a text names an error that the cloud answers with. */
export function isProblemKind(kind: string): kind is ProblemKind {
  return Object.hasOwn(PROBLEM_STATUS, kind);
}
