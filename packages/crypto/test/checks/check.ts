import { type Bytes, fromHex, type Result, toHex } from "@salus/base";

// Checks of vectors are plain functions, so that Node's tests and a browser's worker run the same.

/** One vector and what must hold of it: `run` throws where it does not. */
export interface Check {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** Name the checks of one format after it. */
export function group(format: string, checks: readonly Check[]): readonly Check[] {
  return checks.map(({ name, run }) => ({ name: `${format}: ${name}`, run }));
}

export function same(actual: unknown, expected: unknown, what = "value"): void {
  const [a, e] = [text(actual), text(expected)];
  if (a !== e) throw new Error(`${what} is ${a.slice(0, 300)}, expected ${e.slice(0, 300)}`);
}

function text(value: unknown): string {
  const plain = (_: string, item: unknown): unknown =>
    item instanceof Uint8Array ? toHex(item) : item;
  return JSON.stringify(value, plain) ?? "undefined";
}

/** The value of a result, or an error that names what it failed with. */
export function must<T>(result: Result<T, { readonly kind: string }>): T {
  if (!result.ok) throw new Error(`failed with ${result.error.kind}`);
  return result.value;
}

/** `ok`, or the kind of the failure. */
export function outcome(result: Result<unknown, { readonly kind: string }>): string {
  return result.ok ? "ok" : result.error.kind;
}

export function hex(value: string): Bytes {
  return must(fromHex(value));
}
