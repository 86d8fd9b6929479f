import { assert, fail, ok, type Result } from "@salus/base";
import type { Answer, Answering, Asked } from "../http/exchange.ts";
import type { Preferences } from "../http/preferences.ts";
import {
  encodeOutcome,
  type Issue,
  isFailure,
  type Outcome,
  outcomeOfIssues,
  outcomeOfWorldError,
  refusal,
} from "../outcome.ts";
import { validate } from "../validation/index.ts";
import type { Change, Committed } from "../world.ts";
import type { Desk } from "./desk.ts";
import { looksFirst, type Placed, place } from "./placing.ts";
import { versionOf } from "./resource-body.ts";

/** A write that can be stored, and what is to be said of it. */
export interface Prepared {
  /** Nothing where nothing is to be stored. */
  readonly change: Change | undefined;
  /** Warnings of its validation. */
  readonly issues: readonly Issue[];
}

/** Create, update, patch and delete, with and without a condition. */
export function write(desk: Desk, asked: Asked): Answering {
  return looksFirst(asked) ? desk.turns.take(() => writeNow(desk, asked)) : writeNow(desk, asked);
}

async function writeNow(desk: Desk, asked: Asked): Answering {
  const placed = await place(desk, asked);
  if (!placed.ok) return placed;
  const prepared = await prepare(placed.value);
  if (!prepared.ok) return prepared;
  const { change, issues } = prepared.value;
  if (change === undefined) return ok(answerTo(placed.value, undefined, asked.preferences, issues));
  const committed = await desk.world.commit([change]);
  if (!committed.ok) {
    const outcome = outcomeOfWorldError(committed.error);
    return fail(isRace(asked) && outcome.status === 412 ? raced(outcome) : outcome);
  }
  const [made] = committed.value;
  return ok(answerTo(placed.value, made, asked.preferences, issues));
}

/** Whether the version that a commit expected was not named by the client. */
const isRace = ({ conditions, method }: Asked): boolean =>
  conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined && method !== "POST";

/** Somebody else wrote between reading and storing: not a condition of the client, who may just ask again. */
const raced = (outcome: Outcome): Outcome => ({
  ...outcome,
  status: 409,
  issues: outcome.issues.map((issue) => ({ ...issue, code: "conflict" as const })),
});

/**
 * Judge what is to be stored.
 *
 * Fails:   422 with everything that is wrong with it.
 */
export async function prepare(placed: Placed): Promise<Result<Prepared, Outcome>> {
  if (placed.kind === "found" || placed.kind === "absent")
    return ok({ change: undefined, issues: [] });
  const { type, id, expects } = placed;
  const expectation = expects === undefined ? {} : { expects };
  if (placed.kind === "delete") {
    return ok({ change: { kind: "delete", type, id, ...expectation }, issues: [] });
  }
  const { resource } = placed;
  const issues = await validate(resource);
  if (isFailure(issues)) return fail(outcomeOfIssues(issues));
  return ok({ change: { kind: "put", resource, ...expectation }, issues });
}

/** Say what became of a write, in the form that the client prefers. */
export function answerTo(
  placed: Placed,
  made: Committed | undefined,
  { returns }: Preferences,
  issues: readonly Issue[],
): Answer {
  if (placed.kind === "absent" || placed.kind === "delete")
    return answerToDelete(placed, made, returns);
  const version = made ?? (placed.kind === "found" ? versionOf(placed.resource) : undefined);
  assert(version !== undefined, "what is put is committed");
  const created = made?.created === true;
  const whole = made?.resource ?? placed.resource;
  const says = `${version.type} ${created ? "created" : made ? "stands" : "was there"} at version ${version.versionId}.`;
  const outcome = encodeOutcome([note(says), ...issues]);
  const body = { minimal: undefined, representation: whole, OperationOutcome: outcome }[returns];
  const { type, id, versionId, at } = version;
  const about = { type, id, versionId, at };
  return { status: created ? 201 : 200, body, version: about, located: true };
}

function answerToDelete(
  { kind }: Placed,
  made: Committed | undefined,
  returns: Preferences["returns"],
): Answer {
  const version = made && { type: made.type, id: made.id, versionId: made.versionId, at: made.at };
  const about = version === undefined ? {} : { version };
  if (returns !== "OperationOutcome") return { status: 204, body: undefined, ...about };
  const says = kind === "absent" ? "There was nothing to delete." : "Deleted.";
  return { status: 200, body: encodeOutcome([note(says)]), ...about };
}

const note = (diagnostics: string): Issue => ({
  severity: "information",
  code: "informational",
  diagnostics,
});

/** What cannot be done where it was asked. */
export function noMethod(allow: readonly string[]): Outcome {
  const says =
    allow.length > 0
      ? `This cannot be done here, but ${allow.join(", ")}.`
      : "A history is asked of one resource.";
  return { ...refusal(405, "not-supported", says), allow };
}
