import {
  crawlTypedValue,
  OperationOutcomeError,
  toTypedValue,
  validateResource,
} from "@medplum/core";
import type { Issue, IssueCode } from "../outcome.ts";
import { type Definitions, definitions, type StructureDefinition } from "./definitions.ts";
import { ElementChecks } from "./elements.ts";
import { type Judged, profilesOf } from "./profiles.ts";
import { shapeOf } from "./shape.ts";

type Resource = Parameters<typeof validateResource>[0];
type Found = ReturnType<typeof validateResource>[number];

/** Nobody reads more of them, and an answer has an end. */
const ISSUES_MAX = 100;

/**
 * Judge a resource by FHIR R4, by the profiles that it claims, and by those asked for.
 *
 * Whoever stores it refuses one with an error and takes one with warnings: decision 0115 says what is which.
 *
 * Takes:   anything that JSON can hold, as it was received. Nothing in it is changed.
 * Gives:   everything that is wrong with it; nothing where all is well. It never throws.
 * Cost:    about a millisecond; at most a second, for the largest that is let in.
 */
export async function validate(
  resource: unknown,
  profiles: readonly string[] = [],
): Promise<readonly Issue[]> {
  const known = await definitions();
  const { issues, types } = shapeOf(resource, known);
  if (issues.length > 0) return issues;
  for (const type of types) known.loadType(type);
  const judged = resource as Resource;
  const found = [...judge(judged, known, undefined)];
  for (const profile of profilesOf(judged, profiles, known)) {
    found.push(...profile.issues, ...judgeBy(judged, known, profile));
  }
  return unlike(found).slice(0, ISSUES_MAX);
}

function judgeBy(
  resource: Resource,
  known: Definitions,
  { definition, otherVersion }: Judged,
): readonly Issue[] {
  if (definition === undefined) return [];
  const issues = judge(resource, known, definition);
  return otherVersion ? issues.map((issue) => ({ ...issue, severity: "warning" })) : issues;
}

function judge(
  resource: Resource,
  known: Definitions,
  profile: StructureDefinition | undefined,
): readonly Issue[] {
  const checks = new ElementChecks(known);
  try {
    if (profile === undefined) crawlTypedValue(toTypedValue(resource), checks);
    const malformed = checks.issues.filter(({ code }) => code === "structure");
    const said = malformed.flatMap(({ expression }) => expression ?? []);
    const more = validatorIssues(resource, profile).filter(({ expression = [] }) => {
      return !expression.some((path) => said.some((above) => isBelow(path, above)));
    });
    return [...checks.issues, ...more];
  } catch {
    // A fault of the validator over what nobody has thought of; it is refused, and nothing is stored.
    const diagnostics = "The resource cannot be judged.";
    const expression = [resource.resourceType];
    return [{ severity: "error", code: "structure", diagnostics, expression }];
  }
}

function validatorIssues(
  resource: Resource,
  profile: StructureDefinition | undefined,
): readonly Issue[] {
  try {
    validateResource(resource, profile && { profile });
    return [];
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    return (error.outcome.issue ?? []).flatMap(issueOf);
  }
}

/** What the checks of elements say better is left out: base64, warnings about references and choices. */
function issueOf({ severity, details, expression, code }: Found): readonly Issue[] {
  const text = details?.text ?? "This is not as R4 has it.";
  if (severity !== "error" || /base64Binary|larger than 1 MB/.test(text)) return [];
  const places = (expression ?? []).map((path) => path.replaceAll("[x]", ""));
  const kind: IssueCode =
    code === "invariant"
      ? "invariant"
      : text.startsWith("Missing required")
        ? "required"
        : /format$/.test(text)
          ? "value"
          : "structure";
  return [{ severity: "error", code: kind, diagnostics: `${text}.`, expression: places }];
}

/** Whether it has been said already that what holds this element is not formed as it should be. */
function isBelow(path: string, above: string): boolean {
  const rest = path.startsWith(above) ? path.slice(above.length) : "-";
  return rest === "" || rest.startsWith(".") || rest.startsWith("[");
}

/** One of each: a profile says again what R4 said. */
function unlike(issues: readonly Issue[]): readonly Issue[] {
  const kept = new Map<string, Issue>();
  for (const issue of issues) {
    const expression = (issue.expression ?? []).map((path) => path.replaceAll("[x]", ""));
    const key = `${issue.diagnostics} ${expression.join(" ")}`;
    if (!kept.has(key)) kept.set(key, { ...issue, expression });
  }
  return [...kept.values()];
}
