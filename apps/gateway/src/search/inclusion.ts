import { fail, ok, type Result } from "@salus/base";
import {
  referencesOf,
  SEARCHED_TYPES,
  type SearchError,
  searchParameterOf,
  searchParametersOf,
} from "@salus/health";
import type { Stored } from "../world.ts";
import { cut, type Evaluation, nameOf } from "./evaluation.ts";
import type { Trouble } from "./trouble.ts";

/** `_include=Observation:subject:Patient`, or `_revinclude=Provenance:target`. */
export interface Inclusion {
  readonly reverse: boolean;
  /** Follow it from what was included, too. */
  readonly iterate: boolean;
  /** The type that points. */
  readonly type: string;
  readonly parameters: readonly string[];
  /** The type that is pointed to; any where it is empty. */
  readonly target: string;
}

/**
 * Read an inclusion.
 *
 * Takes:   `*` for every reference parameter of a type, and `_include=*` for those of the searched types.
 * Fails:   `bad-value` for what is no such parameter; `unsupported-modifier` for another than `:iterate`.
 * Source:  FHIR R4 search, "Including other resources in result".
 */
export function readInclusion(
  label: string,
  value: string,
  types: readonly string[],
): Result<Inclusion, SearchError> {
  const colon = label.indexOf(":");
  const modifier = colon < 0 ? "" : label.slice(colon + 1);
  const reverse = label.startsWith("_revinclude");
  if (modifier !== "" && modifier !== "iterate") {
    return fail({ kind: "unsupported-modifier", parameter: label, modifier });
  }
  const bad: SearchError = { kind: "bad-value", parameter: label };
  const [only = ""] = types;
  const named = value === "*" && !reverse && types.length === 1 ? `${only}:*` : value;
  const [type = "", parameter = "", target = "", ...more] = named.split(":");
  if (more.length > 0 || !SEARCHED_TYPES.includes(type)) return fail(bad);
  if (target !== "" && !SEARCHED_TYPES.includes(target)) return fail(bad);
  const parameters =
    parameter === "*"
      ? searchParametersOf(type).filter((each) => each.type === "reference")
      : [searchParameterOf(type, parameter)];
  const names = parameters.flatMap((each) => (each?.type === "reference" ? [each.name] : []));
  if (names.length === 0) return fail(bad);
  return ok({ reverse, iterate: modifier === "iterate", type, parameters: names, target });
}

/** More rounds of `:iterate` than any record needs; what is found once is never followed again. */
const ROUNDS_MAX = 16;

/**
 * What a page includes beside its matches, each once.
 *
 * Takes:   `matches`, those of the page. Inclusions follow them; with `:iterate`, what they bring, too.
 * Cost:    a question for each type that is pointed to, and for each parameter that points back.
 */
export async function included(
  evaluation: Evaluation,
  inclusions: readonly Inclusion[],
  matches: readonly Stored[],
): Promise<Result<readonly Stored[], Trouble>> {
  const known = new Map(matches.map((stored) => [nameOf(stored.resource), stored]));
  const added: Stored[] = [];
  let fresh = matches;
  let active = inclusions;
  for (let round = 0; round < ROUNDS_MAX && fresh.length > 0 && active.length > 0; round += 1) {
    const next: Stored[] = [];
    for (const inclusion of active) {
      const found = inclusion.reverse
        ? await pointingTo(evaluation, inclusion, fresh)
        : await pointedTo(evaluation, inclusion, fresh, known);
      if (!found.ok) return found;
      for (const stored of found.value) {
        const name = nameOf(stored.resource);
        if (known.has(name)) continue;
        known.set(name, stored);
        next.push(stored);
      }
    }
    added.push(...next);
    fresh = next;
    active = inclusions.filter(({ iterate }) => iterate);
  }
  return ok(added);
}

async function pointedTo(
  evaluation: Evaluation,
  { type, parameters, target }: Inclusion,
  from: readonly Stored[],
  known: ReadonlyMap<string, Stored>,
): Promise<Result<readonly Stored[], Trouble>> {
  const wanted = new Map<string, Set<string>>();
  for (const parameter of parameters) {
    const pointed = referencesOf(type, parameter);
    for (const { resource } of from) {
      for (const each of pointed(resource)) {
        for (const to of typesOf(each.type, target, type, parameter)) {
          if (known.has(`${to}/${each.id}`)) continue;
          const ids = wanted.get(to) ?? new Set();
          wanted.set(to, ids.add(each.id));
        }
      }
    }
  }
  return byName(evaluation, wanted);
}

/** The types that a reference may be of: what it says, else what the parameter says. */
function typesOf(said: string, target: string, type: string, parameter: string): readonly string[] {
  if (said !== "") return target === "" || said === target ? [said] : [];
  return target === "" ? (searchParameterOf(type, parameter)?.targets ?? []) : [target];
}

/** Resources by their names. What is not there, or of a type that nobody knows, is left out. */
export async function byName(
  evaluation: Evaluation,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Result<readonly Stored[], Trouble>> {
  const all: Stored[] = [];
  for (const [type, ids] of wanted) {
    if (!SEARCHED_TYPES.includes(type)) continue;
    for (const value of cut([...ids])) {
      const found = await evaluation.gather(type, [{ kind: "plain", label: "_id", value }]);
      if (!found.ok) {
        // A reference to what the caller may not see gives nothing away, and keeps nothing back.
        if (found.error.kind === "world" && found.error.error.kind === "forbidden") continue;
        return found;
      }
      all.push(...found.value);
    }
  }
  return ok(all);
}

async function pointingTo(
  evaluation: Evaluation,
  { type, parameters, target }: Inclusion,
  from: readonly Stored[],
): Promise<Result<readonly Stored[], Trouble>> {
  const all: Stored[] = [];
  for (const parameter of parameters) {
    const targets = searchParameterOf(type, parameter)?.targets ?? [];
    const names = from.flatMap(({ resource }) => {
      const to = resource.resourceType;
      const meant = target === "" || target === to;
      return meant && (targets.length === 0 || targets.includes(to)) ? [nameOf(resource)] : [];
    });
    for (const value of cut(names)) {
      const found = await evaluation.gather(type, [{ kind: "plain", label: parameter, value }]);
      if (!found.ok) return found;
      all.push(...found.value);
    }
  }
  return ok(all);
}
