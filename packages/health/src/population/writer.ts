import { LOINC, UCUM } from "../systems.ts";
import { type Concept, type Problem, terminology } from "./codes.ts";
import { type Measure, MOLAR, PANELS, VITALS } from "./measures.ts";
import type { Organisation, Physician, Resource, SourcedRecord } from "./population.ts";
import type { Habits } from "./providers.ts";

/** A visit, as the resources written in it refer to it. */
export interface Visit {
  readonly organisation: Organisation;
  readonly department: string;
  readonly physician: Physician;
  readonly habits: Habits;
  readonly encounter: string;
  /** Milliseconds since 1970. */
  readonly start: number;
}

/** One measured number. */
export interface Reading {
  readonly measure: Measure;
  readonly value: number;
}

const MINUTE = 60_000;

/**
 * Writes one patient's resources: ids in sequence, references, and the habits of each hospital.
 * What is the same in every resource is here once.
 */
export class Writer {
  readonly #patient: string;
  readonly #name: string;
  #count = 0;

  constructor(patient: string, name: string) {
    this.#patient = patient;
    this.#name = name;
  }

  /** A fresh id; the patient's id and a number, so that no two resources share one. */
  nextId(): string {
    this.#count += 1;
    return `${this.#patient}-${this.#count}`;
  }

  get subject(): object {
    return { reference: `Patient/${this.#patient}`, display: this.#name };
  }

  /** A resource of a visit, with the node of the provider tree that wrote it. */
  record(
    visit: Visit,
    resourceType: string,
    elements: Readonly<Record<string, unknown>>,
    id: string = this.nextId(),
  ): SourcedRecord {
    const resource: Resource = { resourceType, id, ...elements };
    return {
      resource,
      organisation: visit.organisation.id,
      department: visit.department,
      physician: visit.physician.id,
    };
  }

  encounter(visit: Visit, minutes: number, kind: EncounterKind, reason: Concept): SourcedRecord {
    return this.record(
      visit,
      "Encounter",
      {
        status: "finished",
        class: terminology("v3-ActCode", kind.code, kind.display),
        type: [concept(kind.type)],
        subject: this.subject,
        participant: [{ individual: practitioner(visit) }],
        period: {
          start: instant(visit.start, visit.habits.zone),
          end: instant(visit.start + minutes * MINUTE, visit.habits.zone),
        },
        reasonCode: [concept(reason)],
        serviceProvider: organization(visit),
      },
      visit.encounter,
    );
  }

  /** A measurement in the units of the hospital, with its range and what that says of the value. */
  observation(visit: Visit, { measure, value }: Reading): SourcedRecord {
    const variant = visit.habits.molar ? MOLAR.get(measure) : undefined;
    const reported = variant?.measure ?? measure;
    const number = rounded(value * (variant?.factor ?? 1), reported.decimals);
    return this.record(visit, "Observation", {
      ...this.#observed(visit, reported.category, reported.concept),
      valueQuantity: quantity(number, reported),
      ...judgement(number, reported),
    });
  }

  /** Blood pressure as the hospital writes it: one panel, or two observations. */
  *bloodPressure(visit: Visit, systolic: number, diastolic: number): Iterable<SourcedRecord> {
    if (!visit.habits.panels) {
      yield this.observation(visit, { measure: VITALS.systolic, value: systolic });
      yield this.observation(visit, { measure: VITALS.diastolic, value: diastolic });
      return;
    }
    yield this.record(visit, "Observation", {
      ...this.#observed(visit, "vital-signs", PANELS.pressure),
      component: [
        {
          code: concept(VITALS.systolic.concept),
          valueQuantity: quantity(rounded(systolic, 0), VITALS.systolic),
        },
        {
          code: concept(VITALS.diastolic.concept),
          valueQuantity: quantity(rounded(diastolic, 0), VITALS.diastolic),
        },
      ],
    });
  }

  codedObservation(visit: Visit, category: string, what: Concept, value: Concept): SourcedRecord {
    return this.record(visit, "Observation", {
      ...this.#observed(visit, category, what),
      valueCodeableConcept: concept(value),
    });
  }

  /** A laboratory's report over results that have been written. */
  report(visit: Visit, panel: Concept, results: readonly SourcedRecord[]): SourcedRecord {
    return this.record(visit, "DiagnosticReport", {
      ...this.#reported(visit, terminology("v2-0074", "LAB", "Laboratory"), panel),
      result: results.map(({ resource }) => ({ reference: `Observation/${resource.id}` })),
    });
  }

  /** A radiologist's report, in words. */
  imageReport(visit: Visit, conclusion: string): SourcedRecord {
    const what: Concept = { system: LOINC, code: "18748-4", display: "Diagnostic imaging study" };
    return this.record(visit, "DiagnosticReport", {
      ...this.#reported(visit, terminology("v2-0074", "RAD", "Radiology"), what),
      conclusion,
    });
  }

  #reported(visit: Visit, category: Concept, what: Concept): Readonly<Record<string, unknown>> {
    return {
      status: "final",
      category: [concept(category)],
      code: concept(what),
      subject: this.subject,
      encounter: encounter(visit),
      effectiveDateTime: instant(visit.start, visit.habits.zone),
      issued: instant(visit.start + 240 * MINUTE, visit.habits.zone),
      performer: [organization(visit)],
    };
  }

  condition(visit: Visit, { concept: what, icd10 }: Problem, end?: number): SourcedRecord {
    const status = end === undefined ? "active" : "resolved";
    return this.record(visit, "Condition", {
      clinicalStatus: concept(terminology("condition-clinical", status, capital(status))),
      verificationStatus: concept(terminology("condition-ver-status", "confirmed", "Confirmed")),
      category: [
        concept(terminology("condition-category", "encounter-diagnosis", "Encounter Diagnosis")),
      ],
      code: { ...concept(what, ...(visit.habits.icd10 ? [icd10] : [])), text: what.display },
      subject: this.subject,
      encounter: encounter(visit),
      onsetDateTime: day(visit.start),
      ...(end === undefined ? {} : { abatementDateTime: day(end) }),
      recordedDate: instant(visit.start, visit.habits.zone),
      recorder: practitioner(visit),
    });
  }

  medicationRequest(visit: Visit, medicine: Concept, days: number, reason: Concept): SourcedRecord {
    return this.record(visit, "MedicationRequest", {
      status: days < 30 ? "completed" : "active",
      intent: "order",
      medicationCodeableConcept: concept(medicine),
      subject: this.subject,
      encounter: encounter(visit),
      authoredOn: instant(visit.start, visit.habits.zone),
      requester: practitioner(visit),
      reasonCode: [concept(reason)],
      dosageInstruction: [
        {
          text: `Once daily for ${days} days`,
          timing: { repeat: { frequency: 1, period: 1, periodUnit: "d" } },
        },
      ],
    });
  }

  immunization(visit: Visit, vaccine: Concept, lot: string): SourcedRecord {
    return this.record(visit, "Immunization", {
      status: "completed",
      vaccineCode: concept(vaccine),
      patient: this.subject,
      encounter: encounter(visit),
      occurrenceDateTime: instant(visit.start, visit.habits.zone),
      primarySource: true,
      lotNumber: lot,
      performer: [{ actor: practitioner(visit) }],
    });
  }

  allergy(
    visit: Visit,
    { category, ...what }: Concept & { readonly category: string },
  ): SourcedRecord {
    return this.record(visit, "AllergyIntolerance", {
      clinicalStatus: concept(terminology("allergyintolerance-clinical", "active", "Active")),
      verificationStatus: concept(
        terminology("allergyintolerance-verification", "confirmed", "Confirmed"),
      ),
      type: "allergy",
      category: [category],
      criticality: category === "food" ? "high" : "low",
      code: concept(what),
      patient: this.subject,
      recordedDate: instant(visit.start, visit.habits.zone),
      recorder: practitioner(visit),
    });
  }

  procedure(visit: Visit, what: Concept, minutes: number, reason: Concept): SourcedRecord {
    return this.record(visit, "Procedure", {
      status: "completed",
      code: concept(what),
      subject: this.subject,
      encounter: encounter(visit),
      performedPeriod: {
        start: instant(visit.start, visit.habits.zone),
        end: instant(visit.start + minutes * MINUTE, visit.habits.zone),
      },
      performer: [{ actor: practitioner(visit) }],
      reasonCode: [concept(reason)],
    });
  }

  note(visit: Visit, kind: Concept, text: string): SourcedRecord {
    return this.record(visit, "DocumentReference", {
      status: "current",
      type: concept(kind),
      category: [
        concept({
          system: "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
          code: "clinical-note",
          display: "Clinical Note",
        }),
      ],
      subject: this.subject,
      date: instant(visit.start, visit.habits.zone),
      author: [practitioner(visit)],
      custodian: organization(visit),
      description: kind.display,
      content: [
        {
          attachment: {
            contentType: "text/plain; charset=utf-8",
            language: "en",
            data: base64(text),
            title: kind.display,
          },
        },
      ],
      context: { encounter: [encounter(visit)] },
    });
  }

  /** A plan from a day on, open. */
  carePlan(visit: Visit, title: string, addresses: SourcedRecord): SourcedRecord {
    return this.record(visit, "CarePlan", {
      status: "active",
      intent: "plan",
      category: [
        concept({
          system: "http://hl7.org/fhir/us/core/CodeSystem/careplan-category",
          code: "assess-plan",
          display: "Assessment and Plan of Treatment",
        }),
      ],
      title,
      subject: this.subject,
      encounter: encounter(visit),
      period: { start: day(visit.start) },
      author: practitioner(visit),
      addresses: [{ reference: `Condition/${addresses.resource.id}` }],
    });
  }

  #observed(visit: Visit, category: string, what: Concept): Readonly<Record<string, unknown>> {
    return {
      status: "final",
      category: [
        concept(
          terminology("observation-category", category, CATEGORY_DISPLAYS[category] ?? category),
        ),
      ],
      code: { ...concept(what), text: what.display },
      subject: this.subject,
      encounter: encounter(visit),
      effectiveDateTime: instant(visit.start, visit.habits.zone),
      issued: instant(visit.start + 60 * MINUTE, visit.habits.zone),
      performer: [practitioner(visit)],
    };
  }
}

/** Where and how somebody is seen. */
export interface EncounterKind {
  readonly code: string;
  readonly display: string;
  readonly type: Concept;
}

const CATEGORY_DISPLAYS: Readonly<Record<string, string>> = {
  "vital-signs": "Vital Signs",
  laboratory: "Laboratory",
  survey: "Survey",
  "social-history": "Social History",
};

function concept(...codings: readonly Concept[]): { readonly coding: readonly Concept[] } {
  return { coding: codings };
}

function practitioner({ physician }: Visit): object {
  return { reference: `Practitioner/${physician.id}`, display: physician.name };
}

function organization({ organisation }: Visit): object {
  return { reference: `Organization/${organisation.id}`, display: organisation.name };
}

function encounter(visit: Visit): object {
  return { reference: `Encounter/${visit.encounter}` };
}

function quantity(value: number, { unit, unitText }: Measure): object {
  return { value, unit: unitText, system: UCUM, code: unit };
}

function judgement(value: number, measure: Measure): Readonly<Record<string, unknown>> {
  const { normal } = measure;
  if (normal === undefined) return {};
  const [low, high] = normal;
  const [code, display] =
    low !== undefined && value < low
      ? ["L", "Low"]
      : high !== undefined && value > high
        ? ["H", "High"]
        : ["N", "Normal"];
  return {
    interpretation: [concept(terminology("v3-ObservationInterpretation", code, display))],
    referenceRange: [
      {
        ...(low === undefined ? {} : { low: quantity(low, measure) }),
        ...(high === undefined ? {} : { high: quantity(high, measure) }),
      },
    ],
  };
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** A dateTime in the hospital's own zone. */
function instant(ms: number, zoneMinutes: number): string {
  const local = new Date(ms + zoneMinutes * MINUTE).toISOString().slice(0, 19);
  if (zoneMinutes === 0) return `${local}Z`;
  const size = Math.abs(zoneMinutes);
  const part = (value: number): string => String(value).padStart(2, "0");
  const sign = zoneMinutes < 0 ? "-" : "+";
  return `${local}${sign}${part(Math.floor(size / 60))}:${part(size % 60)}`;
}

/** A date, in UTC. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function base64(text: string): string {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
