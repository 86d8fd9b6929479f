import { fail, ok, type Result } from "@salus/base";
import {
  compartmentParameters,
  readQueryText,
  SEARCHED_TYPES,
  type SearchError,
  type WrittenParameter,
  writeQueryText,
} from "@salus/health";
import { type Outcome, outcomeOfSearchError, refusal } from "../outcome.ts";
import { type Criterion, CriterionReader, written } from "./criterion.ts";
import type { SearchRequest } from "./request.ts";
import { type Shape, ShapeReader } from "./shape.ts";

/** Resources of one type that meet every condition. Several of them are one answer. */
export interface Branch {
  readonly type: string;
  readonly criteria: readonly Criterion[];
}

/** A search, read. */
export interface Asked {
  /** Any of these; their resources are given once. */
  readonly branches: readonly Branch[];
  /** The types that are searched for. */
  readonly types: readonly string[];
  /** `Patient/id/*`: all types of her compartment. Its branches are judged after everything was opened. */
  readonly wholeOf: string | undefined;
  readonly shape: Shape;
  /** The search as it was applied, behind the base: what the `self` link says. */
  readonly applied: string;
  /** Parameters that were left out, as the caller wrote them. */
  readonly dropped: readonly string[];
}

/** Parameters of R4 that nothing here answers, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  _contained: "contained resources are given with what contains them, and are not searched for",
  _containedType: "contained resources are given with what contains them",
  _text: "narratives are not indexed, so that the cloud learns nothing of their words",
  _content: "contents are not indexed, so that the cloud learns nothing of their words",
  _filter: "filters are not supported; name the parameters instead",
  _query: "there are no named queries here",
  _list: "lists are not followed; search by _id instead",
  _score: "nothing is scored",
};

const PARAMETERS_MAX = 48;

/** What of a search does not depend on the type. */
interface Place {
  readonly path: string;
  readonly types: readonly string[];
  readonly patient: string | undefined;
  readonly whole: boolean;
}

const COMPARTMENT = /^Patient\/([A-Za-z0-9.-]{1,64})\/([A-Za-z]+|\*)$/;

/**
 * Read a search: of a type, of a compartment, or of several types.
 *
 * Fails:   an outcome, 400 or 404. What lenient handling leaves out is in `dropped` instead.
 */
export function readAsked(request: SearchRequest, now: number): Result<Asked, Outcome> {
  const parameters = parametersOf(request);
  if (!parameters.ok) return parameters;
  const place = readPlace(request.path, parameters.value);
  if (!place.ok) return place;
  const { types, patient, whole, path } = place.value;
  const shapes = new ShapeReader(types, now);
  const criteria = new Map<string, Criterion[]>(types.map((type) => [type, []]));
  const applied: WrittenParameter[] = [];
  const dropped: string[] = [];
  for (const { label, name, value } of parameters.value) {
    if (name === "_type" && path === "") {
      applied.push(written(label, value));
      continue;
    }
    const taken = takeParameter(shapes, criteria, { label, name, value }, now);
    if (taken.ok) applied.push(written(label, taken.value));
    else if (request.lenient && taken.error.droppable) dropped.push(label);
    else return fail(taken.error.outcome);
  }
  const shape = shapes.shape();
  if (!shape.ok) return fail(outcomeOfSearchError(shape.error));
  const plainOnly = [...criteria.values()].every((all) =>
    all.every(({ kind }) => kind === "plain"),
  );
  if (whole && !plainOnly) {
    const says = "Chains are not followed in a search for all types of a compartment.";
    return fail(refusal(400, "not-supported", says));
  }
  return ok({
    branches: types.flatMap((type) => branchesOf(type, criteria.get(type) ?? [], patient)),
    types,
    wholeOf: whole ? patient : undefined,
    shape: shape.value,
    applied: writeQueryText(path, applied),
    dropped,
  });
}

function parametersOf({
  query,
  form = "",
}: SearchRequest): Result<readonly WrittenParameter[], Outcome> {
  const text = [query, form].filter((part) => part !== "").join("&");
  const read = readQueryText(`Patient?${text}`);
  if (!read.ok) return fail(outcomeOfSearchError(read.error));
  const { parameters } = read.value;
  if (parameters.length > PARAMETERS_MAX) {
    return fail(outcomeOfSearchError({ kind: "too-complex", parameter: "" }));
  }
  return ok(parameters);
}

function readPlace(path: string, parameters: readonly WrittenParameter[]): Result<Place, Outcome> {
  if (path === "") {
    const asked = parameters.find(({ label }) => label === "_type")?.value.split(",") ?? [];
    if (asked.length === 0) {
      const says = "A search of all types names them: _type=Patient,Observation.";
      return fail(refusal(400, "too-costly", says, { parameter: "_type" }));
    }
    if (!asked.every((type) => SEARCHED_TYPES.includes(type))) return fail(noSuchType());
    return ok({ path, types: [...new Set(asked)], patient: undefined, whole: false });
  }
  const found = COMPARTMENT.exec(path);
  if (found === null) {
    if (!SEARCHED_TYPES.includes(path)) return fail(noSuchType());
    return ok({ path, types: [path], patient: undefined, whole: false });
  }
  const [, patient = "", type = ""] = found;
  if (type === "*") {
    const types = SEARCHED_TYPES.filter((each) => compartmentParameters(each).length > 0);
    return ok({ path, types, patient, whole: true });
  }
  if (!SEARCHED_TYPES.includes(type)) return fail(noSuchType());
  if (compartmentParameters(type).length === 0) {
    return fail(refusal(404, "not-supported", `No ${type} is in the compartment of a patient.`));
  }
  return ok({ path, types: [type], patient, whole: false });
}

const noSuchType = (): Outcome => outcomeOfSearchError({ kind: "unknown-type", type: "" });

interface Refused {
  readonly outcome: Outcome;
  readonly droppable: boolean;
}

/** Gives:   the value as applied. */
function takeParameter(
  shapes: ShapeReader,
  criteria: ReadonlyMap<string, Criterion[]>,
  { label, name, value }: Pick<WrittenParameter, "label" | "name" | "value">,
  now: number,
): Result<string, Refused> {
  if (name === "_contained" && value === "false") return ok(value);
  const why = REFUSED[name];
  if (why !== undefined) {
    const says = `The parameter ${name} is not supported: ${why}.`;
    const outcome = refusal(400, "not-supported", says, { parameter: label });
    return fail({ outcome, droppable: true });
  }
  const shaped = shapes.take(label, value);
  if (!shaped.ok) return refused(shaped.error);
  if (shaped.value !== undefined) return ok(shaped.value);
  const read: [Criterion[], Criterion][] = [];
  for (const [type, list] of criteria) {
    const criterion = new CriterionReader(now).read(type, label, value);
    if (!criterion.ok) return refused(criterion.error);
    read.push([list, criterion.value]);
  }
  for (const [list, criterion] of read) list.push(criterion);
  return ok(value);
}

const DROPPABLE: ReadonlySet<string> = new Set([
  "unknown-parameter",
  "unsupported-parameter",
  "unsupported-chain",
]);

function refused(error: SearchError): Result<never, Refused> {
  return fail({ outcome: outcomeOfSearchError(error), droppable: DROPPABLE.has(error.kind) });
}

/** A compartment holds what any of its parameters says: one branch for each. */
function branchesOf(
  type: string,
  criteria: readonly Criterion[],
  patient: string | undefined,
): readonly Branch[] {
  if (patient === undefined) return [{ type, criteria }];
  const by = compartmentParameters(type).map(
    (label): Criterion => ({
      kind: "plain",
      label,
      value: `Patient/${patient}`,
    }),
  );
  // She is in her own.
  if (type === "Patient") by.push({ kind: "plain", label: "_id", value: patient });
  return by.map((membership) => ({ type, criteria: [membership, ...criteria] }));
}
