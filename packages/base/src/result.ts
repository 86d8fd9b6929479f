/** An operation whose failure is expected, and which its caller must therefore look at. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

export const ok = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });

export const fail = <const Failure>(error: Failure): Result<never, Failure> => ({
  ok: false,
  error,
});

/** Stop on a programmer error. Never use it to judge input: input is answered with a `Result`. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`bug: ${claim}`);
}
