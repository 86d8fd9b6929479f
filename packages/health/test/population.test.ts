import { describe, expect, it } from "vitest";
import {
  BALANCED,
  type Category,
  deriveIndex,
  isSensitive,
  population,
  type Resource,
  type SourcedRecord,
} from "../src/index.ts";
import { Random } from "../src/population/random.ts";

// Goal: the population is the same for the same seed, is whole (every reference leads somewhere, every
// resource has an index), has courses that a chart can show, and is never held in memory.
// Method: the default demo, looked at from every side.

const DEMO = { seed: 1, patients: 12, hospitals: 3 } as const;

function recordsOf(options: Parameters<typeof population>[0]): readonly SourcedRecord[] {
  return [...population(options).patients].flatMap(({ records }) => [...records]);
}

const demo = recordsOf(DEMO);

/** The numbers of one code in the order of time. */
function course(records: Iterable<SourcedRecord>, code: string): readonly number[] {
  const found: number[] = [];
  for (const { resource } of records) {
    const { code: what, valueQuantity } = resource as {
      code?: { coding?: { code: string }[] };
      valueQuantity?: { value: number };
    };
    if (what?.coding?.[0]?.code === code && valueQuantity) found.push(valueQuantity.value);
  }
  return found;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a population", () => {
  it("follows from its seed, and a patient from the seed and her number", () => {
    expect(JSON.stringify(recordsOf(DEMO))).toBe(JSON.stringify(demo));
    expect(JSON.stringify(recordsOf({ ...DEMO, seed: 2 }))).not.toBe(JSON.stringify(demo));
    const [first] = population({ ...DEMO, patients: 1 }).patients;
    expect([...(first?.records ?? [])].length).toBeGreaterThan(20);
    expect(demo.slice(0, 20)).toEqual([...(first?.records ?? [])].slice(0, 20));
    // Read twice, a history is the same.
    expect([...(first?.records ?? [])]).toEqual([...(first?.records ?? [])]);
  });

  it("has about 150 records a patient at several hospitals", () => {
    expect(demo.length / DEMO.patients).toBeGreaterThan(100);
    expect(demo.length / DEMO.patients).toBeLessThan(220);
    for (const { records } of population(DEMO).patients) {
      const hospitals = new Set([...records].map(({ organisation }) => organisation));
      expect(hospitals.size).toBeGreaterThanOrEqual(2);
    }
  });

  it("is whole: ids are unique and references lead somewhere", () => {
    const { organisations, patients } = population(DEMO);
    const all: Resource[] = organisations.flatMap(({ resource, departments }) => [
      resource,
      ...departments.flatMap((department) => [
        department.resource,
        ...department.physicians.map((physician) => physician.resource),
      ]),
    ]);
    for (const { patient, records } of patients) {
      all.push(patient);
      for (const { resource } of records) all.push(resource);
    }
    const names = all.map(({ resourceType, id }) => `${resourceType}/${id}`);
    const known = new Set(names);
    expect(known.size).toBe(names.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const [, reference = ""] of JSON.stringify(all).matchAll(/"reference":"([^"]+)"/g)) {
      expect(known.has(reference), reference).toBe(true);
    }
  });

  it("says of each record which department and physician of which hospital wrote it", () => {
    const paths = new Set(
      population(DEMO).organisations.flatMap(({ id, departments }) =>
        departments.flatMap((department) =>
          department.physicians.map((physician) => `${id}/${department.id}/${physician.id}`),
        ),
      ),
    );
    for (const { organisation, department, physician } of demo) {
      expect(paths).toContain(`${organisation}/${department}/${physician}`);
    }
  });

  it("has an index for every record, without a remark, in ordinary and sensitive categories", () => {
    const categories = new Map<Category, number>();
    for (const { resource, organisation } of demo) {
      const derived = deriveIndex(resource, { path: [organisation], policy: BALANCED });
      if (!derived.ok) throw new Error(`${resource.id}: ${derived.error.kind}`);
      expect(derived.value.remarks).toEqual([]);
      const { category } = derived.value;
      categories.set(category, (categories.get(category) ?? 0) + 1);
    }
    expect([...categories.keys()].filter(isSensitive).length).toBeGreaterThanOrEqual(3);
    expect(categories.size).toBeGreaterThanOrEqual(12);
  });

  it("has courses: sugar falls under treatment, kidneys fail, and different hospitals say it differently", () => {
    const histories = [...population({ ...DEMO, patients: 36 }).patients].map(({ records }) => [
      ...records,
    ]);
    const sugars = histories
      .map((history) => course(history, "4548-4"))
      .filter((a) => a.length > 4);
    expect(sugars.length).toBeGreaterThan(3);
    const early = mean(sugars.map((values) => mean(values.slice(0, 2))));
    const late = mean(sugars.map((values) => mean(values.slice(-2))));
    expect(early - late).toBeGreaterThan(0.5);
    const filtrations = histories.map((history) => course(history, "98979-8"));
    const worst = Math.min(...filtrations.map((values) => values.at(-1) ?? 200));
    expect(worst).toBeLessThan(45);
    const codes = new Set(JSON.stringify(histories).match(/"code":"(?:2345-7|14749-6|85354-9)"/g));
    expect(codes.size).toBe(3);
  });

  it("is made as it is read", () => {
    const { patients } = population({ seed: 5, patients: 1_000_000, hospitals: 200 });
    let count = 0;
    for (const { patient, records } of patients) {
      const [first] = records;
      expect(first?.resource.resourceType).toBe("Encounter");
      expect(patient.resourceType).toBe("Patient");
      count += 1;
      if (count === 200) break;
    }
    expect(count).toBe(200);
  });

  it("writes notes that read as text, and dates within its years", () => {
    const notes = demo.filter(({ resource }) => resource.resourceType === "DocumentReference");
    expect(notes.length).toBeGreaterThan(20);
    const [note] = notes;
    const data = /"data":"([^"]+)"/.exec(JSON.stringify(note))?.[1] ?? "";
    expect(Buffer.from(data, "base64").toString("utf8")).toMatch(/^[\x20-\x7e]{40,}$/);
    for (const { resource } of demo) {
      const year = Number(
        /"(?:start|effectiveDateTime)":"(\d{4})/.exec(JSON.stringify(resource))?.[1] ?? 2020,
      );
      expect(year).toBeGreaterThanOrEqual(2016);
      expect(year).toBeLessThanOrEqual(2027);
    }
  });
});

describe("its random numbers", () => {
  it("are of their seed and path, and even", () => {
    const draw = (...path: readonly number[]): readonly number[] => {
      const random = new Random(7, ...path);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(2, 1));
    const random = new Random(2 ** 40 + 3);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 20_000; count += 1) {
      const digit = random.integer(0, 9);
      counts[digit] = (counts[digit] ?? 0) + 1;
    }
    // Chi-squared of 9 degrees; 33.7 is exceeded once in ten thousand seeds, and this is one seed.
    const squared = counts.reduce((sum, seen) => sum + (seen - 2000) ** 2 / 2000, 0);
    expect(squared).toBeLessThan(33.7);
  });
});
