import { randomUUID } from "node:crypto";
import { fail, ok, type Result } from "@salus/base";
import type { Resource } from "@salus/client";
import { buildSummary, type Json } from "@salus/health";
import type { Answering, Asked } from "../http/exchange.ts";
import { allowOnly } from "../http/query.ts";
import type { Desk } from "../interactions/desk.ts";
import { standing } from "../interactions/standing.ts";
import { type Outcome, outcomeOfWorldError, refusal } from "../outcome.ts";
import type { World } from "../world.ts";

/** The place that was asked. */
interface Place {
  readonly type: string | undefined;
  readonly id: string | undefined;
}

/** A question whose answer the summary has in full, or the newest of it. */
interface Question {
  readonly type: string;
  readonly query: string;
  /** So many at most. */
  readonly most: number;
  /** Whether more than that would be missed: of readings, the newest are what is wanted. */
  readonly whole: boolean;
}

/**
 * What a summary is made of. Problems and allergies are asked for in any state: one that has none is one that the
 * reader must know of. What is over is left out by whoever builds the summary.
 */
const QUESTIONS: readonly Question[] = [
  { type: "AllergyIntolerance", query: "", most: 1000, whole: true },
  { type: "Condition", query: "", most: 2000, whole: true },
  { type: "MedicationRequest", query: "status=active,on-hold,unknown", most: 1000, whole: true },
  {
    type: "MedicationStatement",
    query: "status=active,intended,on-hold,unknown",
    most: 1000,
    whole: true,
  },
  { type: "Immunization", query: "_sort=-date", most: 100, whole: false },
  { type: "Procedure", query: "_sort=-date", most: 50, whole: false },
  { type: "Device", query: "", most: 50, whole: false },
  { type: "DiagnosticReport", query: "_sort=-date", most: 20, whole: false },
  { type: "Observation", query: "category=laboratory&_sort=-date", most: 120, whole: false },
  { type: "Observation", query: "category=vital-signs&_sort=-date", most: 60, whole: false },
];
/** What matches are found among. */
const CANDIDATES_MAX = 10_000;

/**
 * `Patient/[id]/$summary`: an International Patient Summary, as a document Bundle.
 *
 * Every question is asked under encryption of every source at once. What did not answer is named in the document
 * itself, which then is preliminary: whoever reads it elsewhere sees no header of this answer.
 *
 * Fails:   404 and 410, of the patient; 403, where a scope lets see only parts of her, because a summary without them
 *          would say that nothing is known.
 * Source:  HL7 International Patient Summary, operation summary.
 */
export async function summaryOperation(desk: Desk, asked: Asked, place: Place): Answering {
  const { type, id } = place;
  const allowed = allowOnly(asked.query, [], asked.preferences);
  if (!allowed.ok) return allowed;
  if (type !== "Patient" || id === undefined) {
    return fail(refusal(404, "not-supported", "A summary is asked of one patient."));
  }
  const patient = await standing(desk.world, "Patient", id);
  if (!patient.ok) return patient;
  const found = await recordsOf(desk.world, id);
  if (!found.ok) return found;
  const { records, missing } = found.value;
  const referred = await medicationsOf(desk.world, records);
  if (!referred.ok) return referred;
  const { document } = buildSummary({
    patient: jsonOf(patient.value.resource),
    records: records.map(jsonOf),
    referred: referred.value.map(jsonOf),
    missing: [...missing],
    base: desk.base,
    now: new Date().toISOString(),
    uuid: randomUUID,
  });
  return ok({ status: 200, body: document as unknown as Resource });
}

const jsonOf = (resource: Resource): Json => resource as unknown as Json;

interface Gathered {
  readonly records: readonly Resource[];
  readonly missing: ReadonlySet<string>;
}

async function recordsOf(world: World, patient: string): Promise<Result<Gathered, Outcome>> {
  const answers = await Promise.all(QUESTIONS.map((question) => ask(world, patient, question)));
  const records = new Map<string, Resource>();
  const missing = new Set<string>();
  for (const answer of answers) {
    if (!answer.ok) return answer;
    for (const one of answer.value.records) records.set(`${one.resourceType}/${one.id}`, one);
    for (const one of answer.value.missing) missing.add(one);
  }
  return ok({ records: [...records.values()], missing });
}

async function ask(
  world: World,
  patient: string,
  { type, query, most, whole }: Question,
): Promise<Result<Gathered, Outcome>> {
  const asked = `${type}?patient=Patient/${patient}${query && `&${query}`}`;
  const found = await world.find(asked, { candidatesMax: CANDIDATES_MAX });
  if (!found.ok) return fail(outcomeOfWorldError(found.error));
  const records: Resource[] = [];
  for await (const match of found.value) {
    if (!match.ok) return fail(outcomeOfWorldError(match.error));
    if (records.length === most) {
      if (!whole) break;
      const says = `The patient has more than ${most} records of the type ${type}, which is no summary.`;
      return fail(refusal(422, "too-costly", says));
    }
    records.push(match.value.resource);
  }
  return ok({ records, missing: new Set(found.value.report().missing) });
}

/** Medications that stand as resources of their own, which a prescription without would not name. */
async function medicationsOf(
  world: World,
  records: readonly Resource[],
): Promise<Result<readonly Resource[], Outcome>> {
  const ids = new Set<string>();
  for (const { medicationReference } of records) {
    const { reference } = (medicationReference ?? {}) as { reference?: unknown };
    const [, id] = /^Medication\/([A-Za-z0-9\-.]{1,64})$/.exec(String(reference)) ?? [];
    if (id !== undefined) ids.add(id);
  }
  const found: Resource[] = [];
  for (const id of ids) {
    const read = await world.read("Medication", id);
    if (!read.ok) return fail(outcomeOfWorldError(read.error));
    if (read.value !== undefined && read.value !== "gone") found.push(read.value.resource);
  }
  return ok(found);
}
