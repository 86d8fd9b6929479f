import { assert } from "@salus/base";
import { HOSPITAL_KINDS, HOSPITAL_NAMES, NAMINGS, STREETS, TOWNS } from "./names.ts";
import type { Department, Organisation, Physician, Resource } from "./population.ts";
import { Random } from "./random.ts";

/** Systems of the identifiers that the population bears. */
const PROVIDER_SYSTEM = "https://salus.example/identifiers/provider";
export const PERSON_SYSTEM = "https://salus.example/identifiers/person";

/** How a hospital's systems write the same things, which its readers have to bear. */
export interface Habits {
  /** Offset of the clocks, minutes. */
  readonly zone: number;
  /** Blood pressure as one panel with components, or as two observations. */
  readonly panels: boolean;
  /** Results in moles rather than by mass. */
  readonly molar: boolean;
  /** Problems with an ICD-10 code beside the SNOMED one. */
  readonly icd10: boolean;
}

const DEPARTMENT_KINDS = [
  "General Medicine",
  "Cardiology",
  "Endocrinology",
  "Nephrology",
  "Emergency",
  "Mental Health",
  "Women's Health",
] as const;

export type DepartmentKind = (typeof DEPARTMENT_KINDS)[number];

const HABITS: readonly Habits[] = [
  { zone: 0, panels: true, molar: false, icd10: true },
  { zone: 60, panels: false, molar: true, icd10: false },
  { zone: -300, panels: true, molar: false, icd10: false },
  { zone: 120, panels: true, molar: true, icd10: true },
];

export function habitsOf(hospital: number): Habits {
  return HABITS[hospital % HABITS.length] as Habits;
}

/** The hospitals of a population, with departments and physicians. Source: invented. */
export function organisationsOf(seed: number, count: number): readonly Organisation[] {
  return Array.from({ length: count }, (_, index) => organisationOf(seed, index));
}

function organisationOf(seed: number, index: number): Organisation {
  const random = new Random(seed, 1, index);
  const id = `h${index + 1}`;
  const name = hospitalName(index);
  const departments = DEPARTMENT_KINDS.map((kind, place) =>
    departmentOf(random, id, place, `${kind}, ${name}`, random.integer(2, 5)),
  );
  const identifier = { system: PROVIDER_SYSTEM, value: `ORG-${1000 + index}` };
  const resource: Resource = {
    resourceType: "Organization",
    id,
    identifier: [identifier],
    active: true,
    type: [organizationType("prov", "Healthcare Provider")],
    name,
    telecom: [{ system: "phone", value: phone(random), use: "work" }],
    address: [address(random)],
  };
  return { id, name, identifier, departments, resource };
}

function hospitalName(index: number): string {
  const first = HOSPITAL_NAMES[index % HOSPITAL_NAMES.length];
  const kind = HOSPITAL_KINDS[index % HOSPITAL_KINDS.length];
  // Names meet again after 60 hospitals; then they are numbered.
  const round = Math.floor(index / (HOSPITAL_NAMES.length * HOSPITAL_KINDS.length));
  return `${first} ${kind}${round === 0 ? "" : ` ${round + 1}`}`;
}

function departmentOf(
  random: Random,
  hospital: string,
  place: number,
  name: string,
  physicians: number,
): Department {
  const id = `${hospital}-d${place + 1}`;
  const identifier = { system: PROVIDER_SYSTEM, value: `DEP-${hospital.slice(1)}-${place + 1}` };
  return {
    id,
    name,
    identifier,
    physicians: Array.from({ length: physicians }, (_, at) => physicianOf(random, id, at)),
    resource: {
      resourceType: "Organization",
      id,
      identifier: [identifier],
      active: true,
      type: [organizationType("dept", "Hospital Department")],
      name,
      partOf: { reference: `Organization/${hospital}` },
    },
  };
}

function physicianOf(random: Random, department: string, at: number): Physician {
  const id = `${department}-p${at + 1}`;
  const person = personOf(random, random.chance(0.5) ? "female" : "male");
  const identifier = { system: PROVIDER_SYSTEM, value: `PHY-${department.slice(1)}-${at + 1}` };
  return {
    id,
    name: `Dr ${person.given} ${person.family}`,
    identifier,
    resource: {
      resourceType: "Practitioner",
      id,
      identifier: [identifier],
      active: true,
      name: [{ use: "official", family: person.family, given: [person.given], prefix: ["Dr"] }],
      gender: person.gender,
    },
  };
}

export interface PersonName {
  readonly gender: "female" | "male";
  readonly given: string;
  readonly family: string;
  readonly language: string;
}

export function personOf(random: Random, gender: "female" | "male"): PersonName {
  const naming = random.pick(NAMINGS);
  return {
    gender,
    given: random.pick(gender === "female" ? naming.women : naming.men),
    family: random.pick(naming.families),
    language: naming.language,
  };
}

export function address(random: Random): object {
  return {
    line: [`${random.integer(1, 180)} ${random.pick(STREETS)}`],
    city: random.pick(TOWNS),
    postalCode: String(random.integer(10_000, 99_999)),
  };
}

/** Numbers of the block that is kept for invented people. */
export function phone(random: Random): string {
  return `+1 555 01${String(random.integer(0, 99)).padStart(2, "0")} ${random.integer(1000, 9999)}`;
}

function organizationType(code: string, display: string): object {
  const system = "http://terminology.hl7.org/CodeSystem/organization-type";
  return { coding: [{ system, code, display }] };
}

/** The department of a kind. Every hospital has each. */
export function departmentFor(organisation: Organisation, kind: DepartmentKind): Department {
  const department = organisation.departments[DEPARTMENT_KINDS.indexOf(kind)];
  assert(department !== undefined, "every hospital has every kind of department");
  return department;
}
