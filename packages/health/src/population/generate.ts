import { assert } from "@salus/base";
import { dateRange } from "../canonical/date.ts";
import { type Person, personAt } from "./course.ts";
import type {
  Organisation,
  PatientHistory,
  Population,
  PopulationOptions,
  Resource,
  SourcedRecord,
} from "./population.ts";
import { address, organisationsOf, PERSON_SYSTEM, personOf, phone } from "./providers.ts";
import { Random } from "./random.ts";
import { historyOf, type Setting } from "./visits.ts";
import { day, Writer } from "./writer.ts";

const YEARS = 10;
const UNTIL = "2026-06-30";
const YEAR_MS = 365.25 * 86_400_000;

/** Paths of the random streams, so that none is read twice. */
const PERSON_STREAM = 2;
const HISTORY_STREAM = 3;

/**
 * Make a population: hospitals with departments and physicians, and patients with years of records.
 *
 * Everything follows from the options, and each patient from the seed and her number alone, so
 * that a process may make any part of it. Nothing in it is of a living or dead person.
 *
 * Takes:   at least one hospital; any number of patients, since none is held.
 * Units:   UCUM in every quantity.
 * Cost:    about 10 µs a record; memory for the hospitals and one visit.
 */
export function population(options: PopulationOptions): Population {
  const { seed, patients, hospitals, years = YEARS, until = UNTIL } = options;
  assert(patients >= 0 && hospitals >= 1, "a population has a hospital");
  const last = dateRange(until);
  assert(last.ok, "a population ends on a date");
  const organisations = organisationsOf(seed, hospitals);
  const end = last.value.high;
  const span = { from: end - years * YEAR_MS, until: end };
  return {
    organisations,
    patients: {
      *[Symbol.iterator](): Iterator<PatientHistory> {
        for (let index = 0; index < patients; index += 1) {
          yield patientAt(seed, index, organisations, span);
        }
      },
    },
  };
}

interface Span {
  readonly from: number;
  readonly until: number;
}

function patientAt(
  seed: number,
  index: number,
  organisations: readonly Organisation[],
  { from, until }: Span,
): PatientHistory {
  const random = new Random(seed, PERSON_STREAM, index);
  const person = personAt(random, index, from, until);
  const id = `p${String(index + 1).padStart(4, "0")}`;
  const { name, resource } = patientResource(random, id, index, person);
  const hospitals = hospitalsOf(random, index, organisations);
  return {
    patient: resource,
    records: {
      [Symbol.iterator](): Iterator<SourcedRecord> {
        const setting: Setting = {
          random: new Random(seed, HISTORY_STREAM, index),
          writer: new Writer(id, name),
          person,
          hospitals,
        };
        return historyOf(setting, from, until)[Symbol.iterator]();
      },
    },
  };
}

function patientResource(
  random: Random,
  id: string,
  index: number,
  person: Person,
): { readonly name: string; readonly resource: Resource } {
  const { given, family, language } = personOf(random, person.gender);
  const name = `${given} ${family}`;
  const resource: Resource = {
    resourceType: "Patient",
    id,
    identifier: [{ use: "official", system: PERSON_SYSTEM, value: `SX-${100_000 + index}` }],
    active: true,
    name: [{ use: "official", text: name, family, given: [given] }],
    telecom: [{ system: "phone", value: phone(random), use: "mobile" }],
    gender: person.gender,
    birthDate: day(person.birth),
    address: [address(random)],
    communication: [{ language: { coding: [{ system: "urn:ietf:bcp:47", code: language }] } }],
  };
  return { name, resource };
}

/** A home, in turn, and up to two others. */
function hospitalsOf(
  random: Random,
  index: number,
  organisations: readonly Organisation[],
): Setting["hospitals"] {
  const count = organisations.length;
  const home = index % count;
  const others = [1, 1 + random.integer(1, Math.max(1, count - 2))]
    .map((step) => (home + step) % count)
    .filter((place) => place !== home);
  return [...new Set([home, ...others])].map((place) => ({
    organisation: organisations[place] as Organisation,
    index: place,
  }));
}
