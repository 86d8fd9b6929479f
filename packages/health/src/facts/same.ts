import { type Amount, type Fact, factOf } from "./fact.ts";

/** Something that one source has recorded. */
export interface Recorded {
  readonly resource: unknown;
  /** Who recorded it, whatever stands for her. */
  readonly source: string;
}

const DAY_MS = 86_400_000;
/** Sums of binary fractions differ in their last digits. */
const ROUNDING = 1e-9;

/**
 * Put together what several sources have recorded of one fact.
 *
 * Two are one only where nothing tells them apart: the same code, status and details; of what lasts,
 * whenever it was written down; of what happened, at one time and by different sources, with equal
 * amounts: in two units where the finer of the two rounds to the other. In doubt they stay two.
 *
 * Gives:   groups in the order of their first, each in the order given.
 * Source:  docs/decisions/0092-when-two-records-are-one-fact.md.
 */
export function sameFacts<Item extends Recorded>(items: readonly Item[]): readonly Item[][] {
  const groups: Group<Item>[] = [];
  const byName = new Map<string, Group<Item>[]>();
  for (const item of items) {
    const fact = factOf(item.resource);
    const places = fact === undefined ? [] : placesOf(fact);
    const known = places.flatMap((place) => byName.get(place) ?? []);
    const group = fact && known.find((one) => belongs(one, fact, item.source));
    if (group !== undefined) {
      group.items.push(item);
      continue;
    }
    const made: Group<Item> = { fact, items: [item] };
    groups.push(made);
    for (const place of places) byName.set(place, [...(byName.get(place) ?? []), made]);
  }
  return groups.map(({ items: same }) => same);
}

interface Group<Item> {
  readonly fact: Fact | undefined;
  readonly items: Item[];
}

/** Under what a fact is looked for: its names, and the day of what happened. */
function placesOf({ kind, type, names, time }: Fact): readonly string[] {
  if (kind === "lasting") return names.map((name) => `${type} ${name}`);
  if (time === undefined || !Number.isFinite(time.low)) return [];
  const day = Math.floor(time.low / DAY_MS);
  return names.map((name) => `${type} ${name} ${day}`);
}

function belongs<Item extends Recorded>(group: Group<Item>, fact: Fact, source: string): boolean {
  const { fact: first, items } = group;
  if (first === undefined || first.stands !== fact.stands) return false;
  if (fact.kind === "lasting") return true;
  // One source that writes the same twice has seen it twice.
  const others = items.every((item) => item.source !== source);
  return others && isSameTime(first, fact) && isSameAmounts(first.amounts, fact.amounts);
}

function isSameTime({ time: a }: Fact, { time: b }: Fact): boolean {
  return a !== undefined && b !== undefined && a.low <= b.high && b.low <= a.high;
}

function isSameAmounts(a: readonly Amount[], b: readonly Amount[]): boolean {
  return a.length === b.length && a.every((one) => b.some((other) => isSameAmount(one, other)));
}

/** Whether two amounts are one: as they stand, or where the finer rounds to the other. */
function isSameAmount(a: Amount, b: Amount): boolean {
  if (a.of !== b.of) return false;
  if (a.unit === b.unit) return a.value === b.value;
  if (a.base === undefined || b.base === undefined) return false;
  if (a.base.dimension !== b.base.dimension) return false;
  const finer = Math.min(a.base.half, b.base.half);
  return Math.abs(a.base.value - b.base.value) <= finer * (1 + ROUNDING);
}
