import type { Organisation, PatientHistory, Physician, Population } from "@salus/health";

/** A physician of a population, and where she works. */
export interface Placed {
  readonly physician: Physician;
  readonly department: string;
  readonly organisation: string;
  readonly organisationName: string;
}

/** Those of a population who get accounts: a patient of several hospitals, and physicians of theirs. */
export interface Cast {
  readonly patient: PatientHistory["patient"];
  readonly physicians: readonly Placed[];
  readonly hospital: Organisation;
}

const PHYSICIANS = 3;
/** A patient of two hospitals is among the first; looking through all would take its time. */
const LOOKED_AT = 20;

/**
 * Choose a patient who goes to several hospitals, and three physicians: two of the first hospital, one
 * of another if there is one.
 *
 * Gives:   nothing for a population of nobody.
 */
export function castOf({ organisations, patients }: Population): Cast | undefined {
  const [first, second = first] = organisations;
  const patient = choosePatient(patients);
  if (first === undefined || second === undefined || patient === undefined) return undefined;
  const [a, b] = [physiciansOf(first), physiciansOf(second)];
  const chosen = [...a.slice(0, 1), ...b.slice(0, 1), ...a.slice(1), ...b.slice(1)];
  const distinct = [...new Map(chosen.map((one) => [one.physician.id, one])).values()];
  return { patient, physicians: distinct.slice(0, PHYSICIANS), hospital: first };
}

function choosePatient(patients: Population["patients"]): PatientHistory["patient"] | undefined {
  let first: PatientHistory["patient"] | undefined;
  let looked = 0;
  for (const { patient, records } of patients) {
    first ??= patient;
    const hospitals = new Set<string>();
    for (const { organisation } of records) {
      hospitals.add(organisation);
      if (hospitals.size > 1) return patient;
    }
    looked += 1;
    if (looked === LOOKED_AT) break;
  }
  return first;
}

function physiciansOf(organisation: Organisation): readonly Placed[] {
  return organisation.departments.flatMap(({ id, physicians }) =>
    physicians.map((physician) => ({
      physician,
      department: id,
      organisation: organisation.id,
      organisationName: organisation.name,
    })),
  );
}
