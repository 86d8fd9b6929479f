import { ok, type Result } from "@salus/base";
import {
  BALANCED,
  compileSearch,
  readQueryText,
  type SearchError,
  type WrittenParameter,
  writeQueryText,
} from "@salus/health";

/** A search as it is asked of the vaults. */
export interface Question {
  /** Without what says how many of its matches are wanted: names that several vaults have are given once. */
  readonly text: string;
  readonly count: number;
  readonly total: boolean;
  /** So many are wanted before the others; nothing where all are. */
  readonly soon: number | undefined;
  /** Parameters that the cloud answers, and all that were asked. */
  readonly evaluated: number;
  readonly asked: number;
  /** Whom it is about, as `Patient/id`, where it names her; then nobody else's vault is asked. */
  readonly about: readonly string[] | undefined;
}

/** Parameters that shape an answer, and choose nothing. */
const SHAPING = new Set("_count _sort _total _summary _format _pretty _elements".split(" "));
/** Parameters that name the patient whose record something is a part of. */
const WHOSE = new Set(["patient", "subject", "subject:Patient"]);
/** Of these several patients' vaults may have one. */
const OF_SEVERAL = new Set("Appointment AppointmentResponse Provenance Group List".split(" "));
const PATIENT = /^(?:(?:\S*\/)?Patient\/)?([A-Za-z0-9.-]{1,64})$/;
/** Read a search without composition. Fails: any `SearchError`. */
export function questionOf(query: string): Result<Question, SearchError> {
  const compiled = compileSearch(query, { policy: BALANCED, now: Date.now() });
  if (!compiled.ok) return compiled;
  const written = readQueryText(query);
  if (!written.ok) return written;
  const { type, parameters } = written.value;
  const { count = Number.POSITIVE_INFINITY, total, asked, evaluated } = compiled.value;
  const rest = parameters.filter(({ label }) => !["_count", "_total", "_summary"].includes(label));
  const criteria = parameters.filter(({ label }) => !SHAPING.has(label));
  return ok({
    text: writeQueryText(type, rest),
    count,
    total,
    soon: total ? undefined : compiled.value.count,
    evaluated: evaluated.length,
    asked: asked.length,
    about: aboutOf(type, criteria),
  });
}

/**
 * The patients whom a search names as those whose records it is about: alternatives of one condition.
 *
 * Gives:   nothing where it names none, or somebody otherwise than by her id.
 */
function aboutOf(
  type: string,
  criteria: readonly WrittenParameter[],
): readonly string[] | undefined {
  if (OF_SEVERAL.has(type)) return undefined;
  const naming = criteria.find(({ label }) =>
    type === "Patient" ? label === "_id" : WHOSE.has(label),
  );
  if (naming === undefined) return undefined;
  const ids = naming.value.split(",").map((text) => PATIENT.exec(text)?.[1]);
  const isPlain = naming.label !== "subject" || naming.value.split(",").every(isTyped);
  return isPlain && !ids.includes(undefined) ? ids.map((id) => `Patient/${id}`) : undefined;
}

/** A bare id may be of a group or of a device. */
function isTyped(text: string): boolean {
  return text.includes("Patient/");
}
