import type { Issue } from "../outcome.ts";
import type { Definitions, StructureDefinition } from "./definitions.ts";

/** A profile that a resource is judged by, or why it cannot be. */
export interface Judged {
  readonly definition: StructureDefinition | undefined;
  /** Whether it is another version than the one that is meant: what breaks its rules may be right by that one. */
  readonly otherVersion: boolean;
  readonly issues: readonly Issue[];
}

interface Profiled {
  readonly resourceType: string;
  readonly meta?: { readonly profile?: readonly string[] } | undefined;
}

const BASE = "http://hl7.org/fhir/StructureDefinition/";
const NONE: Judged = { definition: undefined, otherVersion: false, issues: [] };

/**
 * The profiles that a resource is judged by beside R4 itself: those that it claims, and those that are asked for.
 *
 * A claim that cannot be checked here is kept, and said; a profile that somebody asks for by name and is not known
 * makes the answer an error, because "all is well" would be taken for its answer.
 */
export function profilesOf(
  resource: Profiled,
  asked: readonly string[],
  known: Definitions,
): readonly Judged[] {
  // Not judged yet, so that it may be anything.
  const written: unknown = resource.meta?.profile;
  const claimed = (Array.isArray(written) ? written : []).filter((one) => typeof one === "string");
  const all = new Map<string, boolean>();
  for (const one of claimed) all.set(one, false);
  for (const one of asked) all.set(one, true);
  return [...all].map(([canonical, isAsked]) => judgedBy(resource, canonical, isAsked, known));
}

function judgedBy(
  { resourceType }: Profiled,
  canonical: string,
  isAsked: boolean,
  known: Definitions,
): Judged {
  const [url = "", version] = canonical.split("|", 2);
  const place = isAsked ? [resourceType] : [`${resourceType}.meta.profile`];
  const issue = (severity: Issue["severity"], code: Issue["code"], says: string): Issue => {
    return { severity, code, diagnostics: says, expression: place };
  };
  if (url === BASE + resourceType) return NONE;
  const definition = known.profile(url);
  if (definition === undefined) {
    const says = "The profile is not known here; the resource was judged by R4.";
    const unknown = isAsked ? issue("error", "not-found", says) : undefined;
    return { ...NONE, issues: [unknown ?? issue("information", "not-supported", says)] };
  }
  if (definition.type !== resourceType) {
    const says = "The profile is one of another type.";
    return { ...NONE, issues: [issue("error", "value", says)] };
  }
  if (version === undefined || version === definition.version) return { ...NONE, definition };
  const says = `The resource was judged by version ${definition.version} of the profile.`;
  return { definition, otherVersion: true, issues: [issue("information", "not-supported", says)] };
}
