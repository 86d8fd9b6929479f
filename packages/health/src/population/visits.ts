import {
  ACUTE,
  ALLERGIES,
  ANTIBIOTIC,
  type Concept,
  loinc,
  MEDICINES,
  NOTES,
  PROBLEMS,
  PROCEDURES,
  type Problem,
  type ProblemName,
  snomed,
  VACCINES,
} from "./codes.ts";
import { ageAt, has, type Levels, levelsAt, type Person, yearsWith } from "./course.ts";
import { LABS, type Measure, PANELS, SURVEYS, VITALS } from "./measures.ts";
import type { Organisation, SourcedRecord } from "./population.ts";
import { type DepartmentKind, departmentFor, habitsOf } from "./providers.ts";
import type { Random } from "./random.ts";
import { day, type EncounterKind, type Visit, type Writer } from "./writer.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const FIVE_MINUTES_MS = 300_000;

const AMBULATORY: EncounterKind = {
  code: "AMB",
  display: "ambulatory",
  type: snomed("185349003", "Encounter for check up"),
};
const EMERGENCY: EncounterKind = {
  code: "EMER",
  display: "emergency",
  type: snomed("50849002", "Emergency department patient visit"),
};
const CHECK_UP = snomed("410620009", "Well child or adult visit");
const TOBACCO = loinc("72166-2", "Tobacco smoking status");
const SMOKER = snomed("77176002", "Smoker");
const NEVER_SMOKED = snomed("266919005", "Never smoked tobacco");
const SIX_MONTHS = 180;

/** Whom a person sees for a lasting problem. */
const SPECIALTY: Readonly<Partial<Record<ProblemName, DepartmentKind>>> = {
  hypertension: "Cardiology",
  fibrillation: "Cardiology",
  diabetes: "Endocrinology",
  thyroid: "Endocrinology",
  kidney: "Nephrology",
  depression: "Mental Health",
  alcohol: "Mental Health",
  pregnancy: "Women's Health",
};

/** What a history is written with, and where it happens. */
export interface Setting {
  readonly random: Random;
  readonly writer: Writer;
  readonly person: Person;
  /** Home first, and its number among all hospitals; then where else this person goes. */
  readonly hospitals: readonly { readonly organisation: Organisation; readonly index: number }[];
}

/** Write all visits between two times, oldest first, holding no more than one of them. */
export function* historyOf(setting: Setting, from: number, until: number): Iterable<SourcedRecord> {
  const { random, person } = setting;
  const told = new Set<ProblemName>();
  let time = Math.max(from, person.birth) + random.integer(5, 90) * DAY_MS;
  for (let count = 0; time < until; count += 1) {
    const current = [...person.onsets.keys()].filter((name) => has(person, name, time));
    const acute = count > 0 && random.chance(0.22);
    if (acute) yield* acuteVisit(setting, time);
    else yield* plannedVisit(setting, time, count, current, told);
    // The more there is to look after, the sooner the next visit.
    const interval = random.normal(440 - 55 * Math.min(3, current.length), 60);
    time += Math.max(20, acute ? interval / 2 : interval) * DAY_MS;
  }
}

function* plannedVisit(
  setting: Setting,
  time: number,
  count: number,
  current: readonly ProblemName[],
  told: Set<ProblemName>,
): Iterable<SourcedRecord> {
  const { random, writer, person } = setting;
  const focus = current.length > 0 && random.chance(0.75) ? random.pick(current) : undefined;
  const kind = (focus && SPECIALTY[focus]) ?? "General Medicine";
  const visit = visitAt(setting, time, kind);
  const reason = focus === undefined ? CHECK_UP : PROBLEMS[focus].concept;
  yield writer.encounter(visit, random.integer(15, 50), AMBULATORY, reason);
  if (count === 0) yield* firstVisit(setting, visit);
  yield* vitals(setting, visit);
  for (const name of current) {
    if (!told.has(name)) yield* diagnosis(setting, visit, name);
    told.add(name);
  }
  yield* laboratory(setting, visit, current);
  if (focus !== undefined) yield* followUp(setting, visit, focus);
  yield* immunizations(setting, visit);
  yield* screening(setting, visit);
  if (random.chance(0.45)) yield progressNote(setting, visit, reason, person);
}

function* firstVisit({ random, writer, person }: Setting, visit: Visit): Iterable<SourcedRecord> {
  if (random.chance(0.6)) yield writer.allergy(visit, random.pick(ALLERGIES));
  if (ageAt(person, visit.start) >= 16) {
    const status = person.smoker ? SMOKER : NEVER_SMOKED;
    yield writer.codedObservation(visit, "social-history", TOBACCO, status);
  }
}

function* vitals({ random, writer, person }: Setting, visit: Visit): Iterable<SourcedRecord> {
  const levels = levelsAt(person, visit.start);
  const measured = (measure: Measure, mean: number, deviation: number): SourcedRecord =>
    writer.observation(visit, { measure, value: random.normal(mean, deviation) });
  const pressure = random.normal(0, 1);
  yield* writer.bloodPressure(
    visit,
    levels.systolic + 8 * pressure,
    levels.diastolic + 4 * pressure,
  );
  yield measured(VITALS.heartRate, has(person, "fibrillation", visit.start) ? 88 : 72, 8);
  const weight = random.normal(levels.weightKg, 0.012 * levels.weightKg);
  yield writer.observation(visit, { measure: VITALS.weight, value: weight });
  if (random.chance(0.3)) {
    yield writer.observation(visit, { measure: VITALS.height, value: levels.heightCm });
    const massIndex = weight / (levels.heightCm / 100) ** 2;
    yield writer.observation(visit, { measure: VITALS.massIndex, value: massIndex });
  }
  if (has(person, "asthma", visit.start)) yield measured(VITALS.saturation, 96.5, 1);
}

function* diagnosis(
  { random, writer }: Setting,
  visit: Visit,
  name: ProblemName,
): Iterable<SourcedRecord> {
  const problem = PROBLEMS[name];
  const end = name === "pregnancy" ? visit.start + 230 * DAY_MS : undefined;
  const condition = writer.condition(visit, problem, end);
  yield condition;
  const [medicine] = MEDICINES[name] ?? [];
  if (medicine !== undefined) {
    yield writer.medicationRequest(visit, medicine, SIX_MONTHS, problem.concept);
  }
  if (name === "diabetes" || (name === "hypertension" && random.chance(0.4))) {
    yield writer.carePlan(visit, `Care plan for ${problem.concept.display}`, condition);
  }
  if (name === "fibrillation") {
    yield writer.procedure(visit, PROCEDURES.electrocardiogram, 15, problem.concept);
  }
}

/** Which results a problem calls for, and from which level. */
const WORK_UP: readonly (readonly [ProblemName, Measure, keyof Levels, deviation: number])[] = [
  ["diabetes", LABS.a1c, "a1c", 0.2],
  ["diabetes", LABS.albuminRatio, "albuminRatio", 6],
  ["thyroid", LABS.thyrotropin, "thyrotropin", 0.4],
  ["anaemia", LABS.haemoglobin, "haemoglobin", 0.4],
  ["hiv", LABS.cd4, "cd4", 45],
];

function* laboratory(
  { random, writer, person }: Setting,
  visit: Visit,
  current: readonly ProblemName[],
): Iterable<SourcedRecord> {
  const levels = levelsAt(person, visit.start);
  const measured = (measure: Measure, mean: number, deviation: number): SourcedRecord =>
    writer.observation(visit, { measure, value: Math.max(0.1, random.normal(mean, deviation)) });
  const looks = current.length > 0 ? 0.7 : 0.3;
  if (random.chance(looks)) {
    const results = [
      measured(LABS.glucose, levels.glucose, 7),
      measured(LABS.creatinine, levels.creatinine, 0.05),
      measured(LABS.filtration, levels.filtration, 3),
      measured(LABS.sodium, 140, 1.8),
      measured(LABS.potassium, has(person, "kidney", visit.start) ? 4.8 : 4.2, 0.25),
    ];
    yield* results;
    yield writer.report(visit, PANELS.metabolic, results);
  }
  if (ageAt(person, visit.start) > 35 && random.chance(looks / 2)) {
    const results = [
      measured(LABS.cholesterol, levels.cholesterol, 9),
      measured(LABS.ldl, levels.ldl, 8),
      measured(LABS.hdl, person.gender === "female" ? 58 : 48, 5),
      measured(LABS.triglycerides, 120, 28),
    ];
    yield* results;
    yield writer.report(visit, PANELS.lipid, results);
  }
  for (const [name, measure, level, deviation] of WORK_UP) {
    if (current.includes(name) && random.chance(0.8)) {
      yield measured(measure, levels[level], deviation);
    }
  }
}

function* followUp(setting: Setting, visit: Visit, name: ProblemName): Iterable<SourcedRecord> {
  const { random, writer, person } = setting;
  const reason = PROBLEMS[name].concept;
  const years = yearsWith(person, name, visit.start) ?? 0;
  const medicines = MEDICINES[name] ?? [];
  // The next medicine once the first has had its two years.
  const medicine = medicines[years > 2 ? medicines.length - 1 : 0];
  if (medicine !== undefined) yield writer.medicationRequest(visit, medicine, SIX_MONTHS, reason);
  if (name === "depression") yield score(setting, visit, SURVEYS.phq9, "phq9");
  if (name === "alcohol") {
    const value = Math.max(0, Math.round(random.normal(Math.max(2, 9 - years), 1.5)));
    yield writer.observation(visit, { measure: SURVEYS.audit, value });
  }
  if (name === "asthma" && random.chance(0.4)) {
    yield writer.procedure(visit, PROCEDURES.spirometry, 30, reason);
  }
  if (name === "pregnancy" && years > 0.5 && years < 1.2) {
    yield writer.procedure(visit, PROCEDURES.birth, 540, reason);
  }
}

function score(
  { random, writer, person }: Setting,
  visit: Visit,
  measure: Measure,
  level: keyof Levels,
): SourcedRecord {
  const mean = levelsAt(person, visit.start)[level];
  const value = Math.min(27, Math.max(0, Math.round(random.normal(mean, 2))));
  return writer.observation(visit, { measure, value });
}

function* immunizations(
  { random, writer, person }: Setting,
  visit: Visit,
): Iterable<SourcedRecord> {
  const age = ageAt(person, visit.start);
  const month = new Date(visit.start).getUTCMonth();
  const lot = (): string => `L${random.integer(100_000, 999_999)}`;
  if (month >= 8 && random.chance(0.6)) yield writer.immunization(visit, VACCINES.influenza, lot());
  if (random.chance(0.05)) yield writer.immunization(visit, VACCINES.tetanus, lot());
  if (age > 65 && random.chance(0.1)) {
    yield writer.immunization(visit, VACCINES.pneumococcal, lot());
  }
  if (age > 50 && random.chance(0.06)) yield writer.immunization(visit, VACCINES.zoster, lot());
  if (visit.start > Date.UTC(2021, 0, 1) && age > 12 && random.chance(0.18)) {
    yield writer.immunization(visit, VACCINES.covid, lot());
  }
  if (age < 8 && random.chance(0.15)) yield writer.immunization(visit, VACCINES.measles, lot());
}

function* screening({ random, writer, person }: Setting, visit: Visit): Iterable<SourcedRecord> {
  const age = ageAt(person, visit.start);
  if (age > 50 && random.chance(0.05)) {
    yield writer.procedure(visit, PROCEDURES.colonoscopy, 45, CHECK_UP);
  }
}

function* acuteVisit(setting: Setting, time: number): Iterable<SourcedRecord> {
  const { random, writer, person } = setting;
  const problem: Problem = random.pick(ACUTE);
  const visit = visitAt(setting, time, "Emergency");
  const { concept: reason } = problem;
  yield writer.encounter(visit, random.integer(60, 420), EMERGENCY, reason);
  yield* vitals(setting, visit);
  const fever = reason.display.includes("infection") ? 38.2 : 36.8;
  yield writer.observation(visit, {
    measure: VITALS.temperature,
    value: random.normal(fever, 0.4),
  });
  yield writer.condition(visit, problem, visit.start + random.integer(5, 40) * DAY_MS);
  if (fever > 38) yield writer.medicationRequest(visit, ANTIBIOTIC, 7, reason);
  if (reason.display.includes("Fracture") || random.chance(0.2)) {
    yield writer.procedure(visit, PROCEDURES.image, 20, reason);
    yield writer.imageReport(visit, "No displaced fracture and no other acute finding.");
  }
  if (random.chance(0.6)) {
    const text =
      `Seen on ${day(visit.start)} for ${reason.display.toLowerCase()}, aged ` +
      `${Math.floor(ageAt(person, visit.start))}. Discharged home in good condition, to return if ` +
      "it gets worse.";
    yield writer.note(visit, NOTES.discharge, text);
  }
}

function progressNote(
  { writer }: Setting,
  visit: Visit,
  reason: Concept,
  person: Person,
): SourcedRecord {
  const levels = levelsAt(person, visit.start);
  const text =
    `${day(visit.start)}. ${reason.display}. Feels ${levels.phq9 > 9 ? "low" : "well"}. Blood pressure ` +
    `around ${Math.round(levels.systolic)}/${Math.round(levels.diastolic)}. Plan: continue, next visit ` +
    "as agreed.";
  return withLabel(visit, writer.note(visit, NOTES.progress, text));
}

/** Notes of a mental-health department are labelled as such: their type says nothing of it. */
function withLabel(visit: Visit, record: SourcedRecord): SourcedRecord {
  const mental = departmentFor(visit.organisation, "Mental Health");
  if (visit.department !== mental.id) return record;
  const label = {
    system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    code: "PSY",
    display: "psychiatry disorder information sensitivity",
  };
  return { ...record, resource: { ...record.resource, meta: { security: [label] } } };
}

/** Home most of the time; a fixed physician at each department for one person. */
function visitAt(setting: Setting, time: number, kind: DepartmentKind): Visit {
  const { random, writer, hospitals, person } = setting;
  const elsewhere = hospitals.length > 1 && random.chance(0.35);
  const place = hospitals[elsewhere ? random.integer(1, hospitals.length - 1) : 0];
  const { organisation, index } = place as Setting["hospitals"][number];
  const department = departmentFor(organisation, kind);
  const own = Math.abs(Math.floor(person.birth / DAY_MS)) % department.physicians.length;
  const midnight = Math.floor(time / DAY_MS) * DAY_MS;
  const habits = habitsOf(index);
  const zone = habits.zone * 60_000;
  const local = random.integer(8, 17);
  return {
    organisation,
    department: department.id,
    physician: department.physicians[own] as Visit["physician"],
    habits,
    encounter: writer.nextId(),
    start: midnight + local * HOUR_MS + random.integer(0, 11) * FIVE_MINUTES_MS - zone,
  };
}
