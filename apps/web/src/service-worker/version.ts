/**
 * Whether a version is older than another.
 *
 * Takes:   `1.2.3`. What is no version is older than every one, so it is refused.
 */
export function isOlder(version: string, other: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(other)];
  if (a === undefined || b === undefined) return b !== undefined;
  const at = a.findIndex((number, place) => number !== b[place]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

function numbersOf(version: string): readonly number[] | undefined {
  const parts = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version);
  return parts === null ? undefined : parts.slice(1).map(Number);
}
