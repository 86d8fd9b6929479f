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
import { ISSUES_MAX, shapeOf } from "./shape.ts";

type Resource = Parameters<typeof validateResource>[0];
type Found = ReturnType<typeof validateResource>[number];

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
  const { issues, judgeable, types } = shapeOf(resource, known);
  if (!judgeable) return issues;
  for (const type of types) known.loadType(type);
  const judged = resource as Resource;
  const found = [...issues, ...besides(issues, judge(judged, known, undefined))];
  for (const profile of profilesOf(judged, profiles, known)) {
    found.push(...profile.issues, ...besides(issues, judgeBy(judged, known, profile)));
  }
  return unlike(found).slice(0, ISSUES_MAX);
}

/** What is not about an element, or below one, that is known not to be formed as it should be. */
function besides(malformed: readonly Issue[], issues: readonly Issue[]): readonly Issue[] {
  const said = malformed.slice(0, ISSUES_MAX).flatMap(({ expression }) => expression ?? []);
  return issues.filter(({ expression = [] }) => {
    return !expression.some((path) => said.some((above) => isBelow(path, above)));
  });
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
    return [...checks.issues, ...besides(malformed, validatorIssues(resource, profile))];
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
  return [
    { severity: "error", code: kind, diagnostics: text.replace(/\.?$/, "."), expression: places },
  ];
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
