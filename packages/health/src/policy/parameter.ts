import { assert } from "@salus/base";
import { type ElementPath, parsePath } from "./path.ts";
import type { PolicyVersion } from "./policy.ts";

export type ParameterType =
  | "token"
  | "date"
  | "number"
  | "quantity"
  | "string"
  | "reference"
  | "uri"
  | "composite"
  | "special";

/** One search parameter of one resource type: where its values are, and what of them is indexed. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly paths: readonly ElementPath[];
  /** Parameters whose keywords or codes a search for this one asks; empty where it has no index. */
  readonly index: readonly string[];
  /** Where the values are that make entries of its own; empty where it has none. */
  readonly emits: readonly ElementPath[];
  /** Tokens: a keyword for the system alone. */
  readonly system: boolean;
  /** Tokens: keywords for the beginnings of displays and texts. */
  readonly text: boolean;
  /** Keywords for whether there is any value. */
  readonly presence: Presence;
  /** The version of the policy from which on it has an index. */
  readonly since: PolicyVersion;
  /** May have more values than a tag list should hold. */
  readonly many: boolean;
  /** References: the types that count; empty for any. */
  readonly targets: readonly string[];
  /** Quantities: the name of the token parameter that says of what. */
  readonly coded?: string;
  /** Composites: the pairs of parameters, each pair within one element. */
  readonly pairs: readonly Pair[];
}

/** Which answers to "is there any value" have a keyword: `absent` is `missing=true`. */
export interface Presence {
  readonly absent: boolean;
  readonly present: boolean;
}

/** Two parameters judged on the same element: the resource itself where `base` is empty. */
export interface Pair {
  readonly base: ElementPath;
  readonly left: string;
  readonly right: string;
}

/**
 * A row of a type's table: name, type, element paths, options.
 *
 * Paths are separated by spaces; arrays are walked through. Options: `none` (no index), `in=a,b`
 * (the index of those parameters), `own=path,…` (beside which it indexes what is at these paths),
 * `to=Type,…` (targets), `of=parameter` (a quantity's code), `on=element` (a composite within that
 * element), `system`, `text`, `many`, `presence` (a keyword whether there is a value or not), `usual` (a
 * keyword where there is none; without either word one where there is), `since=2` (no index before that
 * version of the policy), `was=path,…` (the elements under version 1).
 * A composite's paths are its pairs, `left$right`.
 */
export type Row = readonly [name: string, type: ParameterType, paths: string, options?: string];

/** Read one row as a version of the policy has it. A table that cannot be read is a bug. */
export function parameterOf(
  [name, type, paths, options = ""]: Row,
  version: PolicyVersion,
): Parameter {
  const words = options.split(" ").filter((word) => word !== "");
  const flags = new Set(words.filter((word) => !word.includes("=")));
  const valued = new Map(
    words.filter((word) => word.includes("=")).map((word) => splitOnce(word, "=")),
  );
  const shared = list(valued.get("in"));
  const was = list(valued.get("was"));
  const texts = version === 1 && was.length > 0 ? was : paths.split(" ");
  const found = type === "composite" ? [] : texts.map(parsePath);
  // Entries of a version are those of the one before and more: a vault's readers may be behind.
  const kept = was.filter((path) => !texts.includes(path)).map(parsePath);
  const own = valued.get("own");
  const since: PolicyVersion = valued.has("since") ? 2 : 1;
  const later = since > version;
  const silent = later || flags.has("none") || type === "special" || shared.length > 0;
  const emits = own === undefined ? (silent ? [] : [...found, ...kept]) : list(own).map(parsePath);
  const coded = valued.get("of");
  const base = parsePath(valued.get("on") ?? "");
  return {
    name,
    type,
    paths: found,
    index: shared.length > 0 && !later ? shared : emits.length > 0 ? [name] : [],
    emits,
    system: flags.has("system"),
    text: flags.has("text"),
    since,
    presence: presenceOf(name, type, flags, shared.length > 1 && own === undefined, version),
    many: flags.has("many"),
    targets: list(valued.get("to")),
    ...(coded === undefined ? {} : { coded }),
    pairs: type === "composite" ? pairsOf(paths, base) : [],
  };
}

/**
 * A keyword for what is rare is nearly free, and finds what `_type` alone would not. What is made of
 * other parameters is asked of those. Nobody asks whether a resource has tags or profiles.
 *
 * Source:  spec/policy.md §5; decision 0121.
 */
function presenceOf(
  name: string,
  type: ParameterType,
  flags: ReadonlySet<string>,
  composed: boolean,
  version: PolicyVersion,
): Presence {
  const both = flags.has("presence");
  if (version === 1 || both) return { absent: both, present: both };
  if (type === "composite" || composed || name.startsWith("_"))
    return { absent: false, present: false };
  return { absent: flags.has("usual"), present: !flags.has("usual") };
}

function pairsOf(text: string, base: ElementPath): readonly Pair[] {
  return text.split(" ").map((pair) => {
    const [left, right] = splitOnce(pair, "$");
    // A pair of component parameters is judged within one component.
    const within = left.startsWith("component-") ? parsePath("component") : base;
    return { base: within, left, right };
  });
}

function list(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(",");
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  assert(at > 0, `a policy table writes "name${mark}value": ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
