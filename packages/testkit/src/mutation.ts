import { flipped } from "./lying-cloud.ts";

/** Numbers from a seed, so that a failure can be repeated. */
export type Dice = (below: number) => number;

/** A linear congruential generator, good enough to choose faults (Numerical Recipes §7.1). */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A change of one thing somewhere inside a value. */
export interface Mutation<T> {
  readonly value: T;
  /** Where, and what: for the message of a test that fails. */
  readonly what: string;
}

type Place = { readonly path: string; readonly mutate: (root: unknown) => Mutation<unknown> };

/**
 * Change one thing, anywhere: flip a bit, change a number, or drop, double or exchange a list's items.
 *
 * Takes:   `skip`, for places where a change means nothing, by path such as `.records[].entries`.
 */
export function mutate<T>(value: T, roll: Dice, skip: (path: string) => boolean): Mutation<T> {
  const places = [...placesIn(value, "", (root) => root, roll)].filter(({ path }) => !skip(path));
  const chosen = places[roll(places.length)];
  if (chosen === undefined) throw new Error("there is nothing to change");
  return chosen.mutate(value) as Mutation<T>;
}

type Rebuild = (changed: unknown) => unknown;

function* placesIn(value: unknown, path: string, rebuild: Rebuild, roll: Dice): Generator<Place> {
  if (value instanceof Uint8Array) {
    if (value.length === 0) return;
    yield place(path, "a bit", rebuild, () => flipped(value, roll(value.length * 8)));
  } else if (typeof value === "number") {
    yield place(path, "a number", rebuild, () =>
      value > 0 && roll(2) === 0 ? value - 1 : value + 1,
    );
  } else if (Array.isArray(value)) {
    yield* placesInList(value, path, rebuild, roll);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      const inside: Rebuild = (changed) => rebuild({ ...value, [name]: changed });
      yield* placesIn(field, `${path}.${name}`, inside, roll);
    }
  }
}

function* placesInList(
  list: readonly unknown[],
  path: string,
  rebuild: Rebuild,
  roll: Dice,
): Generator<Place> {
  if (list.length > 0) {
    const at = roll(list.length);
    yield place(`${path}[-]`, "dropped", rebuild, () => list.toSpliced(at, 1));
    yield place(`${path}[+]`, "doubled", rebuild, () => list.toSpliced(at, 0, list[at]));
  }
  if (list.length > 1) {
    const at = roll(list.length - 1);
    const exchanged = list.with(at, list[at + 1]).with(at + 1, list[at]);
    yield place(`${path}[x]`, "exchanged", rebuild, () => exchanged);
  }
  for (const [at, item] of list.entries()) {
    const inside: Rebuild = (changed) => rebuild(list.with(at, changed));
    yield* placesIn(item, `${path}[]`, inside, roll);
  }
}

function place(path: string, what: string, rebuild: Rebuild, change: () => unknown): Place {
  return { path, mutate: () => ({ value: rebuild(change()), what: `${what} at ${path}` }) };
}
