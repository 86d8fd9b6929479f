import type { ProblemName } from "./codes.ts";
import type { Random } from "./random.ts";

const YEAR_MS = 365.25 * 86_400_000;

/** What a person is and comes to have: fixed for a life, and drawn once. */
export interface Person {
  readonly gender: "female" | "male";
  readonly birth: number;
  readonly heightCm: number;
  readonly weightKg: number;
  readonly smoker: boolean;
  /** When each lasting problem begins, in the order of their beginnings. */
  readonly onsets: ReadonlyMap<ProblemName, number>;
}

/** Kinds of people, in turn, so that any dozen of them has something of everything. */
const KINDS: readonly {
  readonly age: readonly [least: number, greatest: number];
  readonly gender?: "female" | "male";
  readonly problems: readonly ProblemName[];
}[] = [
  { age: [52, 74], problems: ["hypertension", "diabetes", "lipids"] },
  { age: [21, 34], gender: "female", problems: ["pregnancy", "anaemia"] },
  { age: [58, 79], problems: ["hypertension", "diabetes", "kidney", "lipids"] },
  { age: [8, 19], problems: ["asthma"] },
  { age: [35, 55], problems: ["depression", "hypertension"] },
  { age: [70, 88], problems: ["hypertension", "fibrillation", "knee", "lipids"] },
  { age: [28, 60], problems: [] },
  { age: [40, 62], problems: ["diabetes", "lipids", "depression"] },
  { age: [45, 66], gender: "female", problems: ["thyroid", "knee"] },
  { age: [30, 52], gender: "male", problems: ["hiv", "lipids"] },
  { age: [38, 58], problems: ["alcohol", "hypertension"] },
  { age: [24, 45], problems: ["asthma", "anaemia"] },
];

/** Chances of a problem that the kind does not bring, over a whole history. */
const CHANCES: readonly (readonly [ProblemName, number])[] = [
  ["hypertension", 0.2],
  ["lipids", 0.15],
  ["diabetes", 0.08],
  ["asthma", 0.06],
  ["thyroid", 0.05],
  ["depression", 0.08],
  ["knee", 0.08],
];

/** Draw a person of the kind whose turn it is. */
export function personAt(random: Random, index: number, from: number, until: number): Person {
  const kind = KINDS[index % KINDS.length] as (typeof KINDS)[number];
  const gender = kind.gender ?? (random.chance(0.5) ? "female" : "male");
  const age = random.integer(...kind.age) + random.next();
  const birth = until - age * YEAR_MS;
  const names: ProblemName[] = [...kind.problems];
  if (age > 30) {
    for (const [name, chance] of CHANCES) {
      if (!names.includes(name) && random.chance(chance)) names.push(name);
    }
  }
  // A problem begins within the first two thirds, so that there is a course to see.
  const first = Math.max(from, birth);
  const onsets = names.map((name): readonly [ProblemName, number] => [
    name,
    first + random.next() * (until - first) * (name === "pregnancy" ? 0.8 : 0.66),
  ]);
  const adultHeight = random.normal(gender === "female" ? 164 : 177, 7);
  const massIndex = random.normal(names.includes("diabetes") ? 31 : 25, 3.5);
  return {
    gender,
    birth,
    heightCm: adultHeight,
    weightKg: Math.max(45, massIndex * (adultHeight / 100) ** 2),
    smoker: random.chance(0.18),
    onsets: new Map(onsets.sort(([, a], [, b]) => a - b)),
  };
}

export function ageAt(person: Person, time: number): number {
  return (time - person.birth) / YEAR_MS;
}

/** Years since a problem began; negative before, undefined for one that never does. */
export function yearsWith(person: Person, problem: ProblemName, time: number): number | undefined {
  const onset = person.onsets.get(problem);
  return onset === undefined ? undefined : (time - onset) / YEAR_MS;
}

/** Whether a lasting problem has begun. */
export function has(person: Person, problem: ProblemName, time: number): boolean {
  return (yearsWith(person, problem, time) ?? -1) >= 0;
}

/** Where the numbers of a person would be at a time, before the scatter of single measurements. */
export interface Levels {
  readonly systolic: number;
  readonly diastolic: number;
  readonly glucose: number;
  readonly a1c: number;
  readonly creatinine: number;
  readonly filtration: number;
  readonly cholesterol: number;
  readonly ldl: number;
  readonly albuminRatio: number;
  readonly haemoglobin: number;
  readonly thyrotropin: number;
  readonly phq9: number;
  readonly cd4: number;
  readonly heightCm: number;
  readonly weightKg: number;
}

/**
 * The levels at a time. A disease raises what it raises over some years; treatment, which begins a
 * while after, brings most of it back; kidneys only ever lose.
 */
export function levelsAt(person: Person, time: number): Levels {
  const age = ageAt(person, time);
  const pressure = burden(yearsWith(person, "hypertension", time), 2.5);
  const sugar = burden(yearsWith(person, "diabetes", time), 3);
  const fat = burden(yearsWith(person, "lipids", time), 1.5);
  const kidney = Math.max(0, yearsWith(person, "kidney", time) ?? 0);
  const filtration = clamp(118 - 0.7 * age - 5.5 * kidney - 3 * sugar, 8, 125);
  const a1c = 5.2 + 3.1 * sugar;
  const grown = growth(age);
  return {
    systolic: 108 + 0.28 * age + 34 * pressure,
    diastolic: 68 + 0.12 * age + 17 * pressure,
    glucose: 28.7 * a1c - 46.7,
    a1c,
    creatinine: clamp(96 / filtration, 0.45, 9),
    filtration,
    cholesterol: 165 + 0.3 * age + 62 * fat,
    ldl: 92 + 0.2 * age + 58 * fat,
    albuminRatio: 8 + 55 * sugar + 40 * kidney,
    haemoglobin: 14 - 3.4 * burden(yearsWith(person, "anaemia", time), 1) - 0.25 * kidney,
    thyrotropin: 1.9 + 8 * burden(yearsWith(person, "thyroid", time), 1),
    phq9: 3 + 15 * burden(yearsWith(person, "depression", time), 1.2),
    cd4: 820 - 470 * burden(yearsWith(person, "hiv", time), 1.5),
    heightCm: person.heightCm * grown,
    weightKg: person.weightKg * grown ** 2.4 * (1 + 0.012 * Math.max(0, age - 40) * sugar),
  };
}

/** From nothing to one within half a year, then down to a third as treatment takes hold. */
function burden(years: number | undefined, treatmentYears: number): number {
  if (years === undefined || years < 0) return 0;
  const rise = Math.min(1, 0.4 + years * 1.2);
  return rise * (0.33 + 0.67 * Math.exp(-Math.max(0, years - 0.4) / treatmentYears));
}

/** Part of the adult height. */
function growth(age: number): number {
  return age >= 18 ? 1 : clamp(0.3 + 0.7 * (age / 18) ** 0.75, 0.28, 1);
}

function clamp(value: number, least: number, greatest: number): number {
  return Math.min(Math.max(value, least), greatest);
}
