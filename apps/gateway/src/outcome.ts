import type { ClientError } from "@salus/client";
import type { SearchError } from "@salus/health";
import type { WorldError } from "./world.ts";

/** How bad it is. Source: R4 value set issue-severity. */
export type Severity = "fatal" | "error" | "warning" | "information";

/** What kind of trouble it is. Source: R4 value set issue-type, the codes that are used here. */
export type IssueCode =
  | "invalid"
  | "structure"
  | "required"
  | "value"
  | "invariant"
  | "security"
  | "login"
  | "unknown"
  | "expired"
  | "forbidden"
  | "suppressed"
  | "processing"
  | "not-supported"
  | "duplicate"
  | "multiple-matches"
  | "not-found"
  | "deleted"
  | "too-long"
  | "code-invalid"
  | "extension"
  | "too-costly"
  | "business-rule"
  | "conflict"
  | "transient"
  | "lock-error"
  | "no-store"
  | "exception"
  | "timeout"
  | "incomplete"
  | "throttled"
  | "informational";

/** One thing to say about a request or a resource. */
export interface Issue {
  readonly severity: Severity;
  readonly code: IssueCode;
  /** A sentence for whoever asked. It names elements and parameters, and repeats no value. */
  readonly diagnostics: string;
  /** FHIRPath of the elements that it is about: `Patient.name[0].given[1]`. */
  readonly expression?: readonly string[];
  /** The parameter or header of the request that it is about. */
  readonly parameter?: string;
}

/** Why a request was not done, in the words of FHIR: the status of HTTP and what the body says. */
export interface Outcome {
  readonly status: number;
  readonly issues: readonly Issue[];
  /** Seconds after which it may be worth to ask again. */
  readonly retryAfter?: number;
  /** The methods that this place has, where the one that was used is not among them. */
  readonly allow?: readonly string[];
}

/** An OperationOutcome as it is sent. */
export interface OperationOutcome {
  readonly resourceType: "OperationOutcome";
  readonly issue: readonly Readonly<Record<string, unknown>>[];
  readonly [element: string]: unknown;
}

const RETRY_SECONDS = 2;

type About = Pick<Issue, "expression" | "parameter">;

/** A refusal with one issue. */
export function refusal(
  status: number,
  code: IssueCode,
  diagnostics: string,
  about: About = {},
): Outcome {
  return { status, issues: [{ severity: "error", code, diagnostics, ...about }] };
}

/** Whether any of them keeps a request from being done. */
export function isFailure(issues: readonly Issue[]): boolean {
  return issues.some(({ severity }) => severity === "error" || severity === "fatal");
}

/** What validation found, as a refusal: 422, as R4 has it for a resource that breaks rules. */
export function outcomeOfIssues(issues: readonly Issue[]): Outcome {
  return { status: 422, issues };
}

/**
 * Write issues as an OperationOutcome.
 *
 * A parameter stands in `location` as `http.name`, the form that R4 gives it, and in `expression` as well, which is
 * where clients look.
 */
export function encodeOutcome(issues: readonly Issue[]): OperationOutcome {
  const said: readonly Issue[] =
    issues.length > 0
      ? issues
      : [{ severity: "information", code: "informational", diagnostics: "Nothing to report." }];
  return {
    resourceType: "OperationOutcome",
    issue: said.map(({ severity, code, diagnostics, expression, parameter }) => {
      const location = parameter === undefined ? undefined : [`http.${parameter}`];
      const where = expression ?? location;
      return {
        severity,
        code,
        diagnostics,
        ...(location && { location }),
        ...(where && where.length > 0 && { expression: where }),
      };
    }),
  };
}

/** Say why a search cannot be asked: 400, which names the parameter; 404 for a type that R4 has not. */
export function outcomeOfSearchError(error: SearchError): Outcome {
  switch (error.kind) {
    case "unknown-type":
      return refusal(404, "not-supported", "There are no resources of this type here.");
    case "bad-encoding":
      return refusal(400, "invalid", "The query is not percent-encoded UTF-8.");
    case "unsupported-modifier":
      return refusal(
        400,
        "not-supported",
        `The modifier :${error.modifier} is not supported on the parameter ${error.parameter}.`,
        { parameter: error.parameter },
      );
    default: {
      const { code, says } = OF_SEARCH[error.kind];
      const { parameter } = error;
      const shape = SHAPES[parameter.split(":", 1)[0] ?? ""];
      const words = shape === undefined ? says : `$ ${shape}.`;
      return refusal(
        400,
        code,
        words.replace("$", () => parameter),
        { parameter },
      );
    }
  }
}

type Plain = Exclude<SearchError["kind"], "unknown-type" | "bad-encoding" | "unsupported-modifier">;

const OF_SEARCH: Readonly<Record<Plain, { readonly code: IssueCode; readonly says: string }>> = {
  "unknown-parameter": {
    code: "not-supported",
    says: "The parameter $ is not known. Prefer: handling=lenient leaves it out of a search, and of no condition.",
  },
  "unsupported-parameter": { code: "not-supported", says: "The parameter $ is not supported." },
  "unsupported-chain": { code: "not-supported", says: "The chain $ is not supported." },
  "bad-date": { code: "value", says: "A value of $ is no date or time." },
  "bad-number": { code: "value", says: "A value of $ is no number." },
  "bad-unit": { code: "value", says: "A value of $ has a unit that cannot be compared." },
  "bad-token": { code: "value", says: "A value of $ is no token." },
  "bad-composite": { code: "value", says: "A value of $ has not the parts of its composite." },
  "bad-value": { code: "value", says: "A value of $ is not of its type." },
  "empty-value": { code: "value", says: "The parameter $ has no value." },
  "too-complex": {
    code: "too-costly",
    says: "The search has more alternatives than one query carries ($).",
  },
};

const INCLUSION = "names a type and a reference of it, as Observation:subject does";

/** How the parameters are written that shape an answer. */
const SHAPES: Readonly<Record<string, string>> = {
  _count: "is a whole number, said once",
  _total: "is none, estimate or accurate, said once",
  _summary: "is true, text, data, count or false, said once",
  _elements: "lists names of elements, is said once, and not beside _summary",
  _sort: "lists parameters of the type, with - before those that descend, and is said once",
  _include: INCLUSION,
  _revinclude: INCLUSION,
};

/** Say why the encrypted world did not do it. */
export function outcomeOfWorldError(error: WorldError): Outcome {
  switch (error.kind) {
    case "bad-query":
      return outcomeOfSearchError(error.error);
    case "too-many-candidates":
      return refusal(
        422,
        "too-costly",
        `The search would have to open more than ${error.candidates} records. Name a patient, a code or a period.`,
      );
    case "version-conflict":
      return refusal(
        412,
        "conflict",
        error.versionId === "0"
          ? `There is no ${error.type} of this id.`
          : `The ${error.type} stands at version ${error.versionId}.`,
        { expression: [`${error.type}.meta.versionId`] },
      );
    case "refused-record":
      return refusal(422, "processing", `The ${error.type} cannot be stored: ${error.problem}.`, {
        expression: [error.path ?? error.type],
      });
    case "no-vault":
      return refusal(
        422,
        "business-rule",
        `There is no vault for the patient that this ${error.type} is of.`,
        { expression: [error.type] },
      );
    case "not-writable":
      return refusal(
        403,
        "forbidden",
        `This identity may read this ${error.type}, and not write it.`,
      );
    case "not-readable":
      return refusal(
        403,
        "forbidden",
        "This gateway writes for an organisation, which holds no key that opens what is stored. Start it with --as and somebody who reads.",
      );
    case "too-many-changes":
      return refusal(413, "too-long", `One transaction holds at most ${error.most} changes.`, {
        expression: ["Bundle.entry"],
      });
    case "half-undone":
      return halfUndone(error.left);
    case "forbidden":
      return refusal(
        403,
        "forbidden",
        `No scope of this client lets it ${error.doing} ${error.type}.`,
      );
    case "cloud":
      return outcomeOfClientError(error.error);
  }
}

function halfUndone(left: readonly string[]): Outcome {
  return {
    status: 502,
    issues: [
      {
        severity: "fatal",
        code: "incomplete",
        diagnostics: `Vaults are stored one after the other. One failed, and these could not be taken back: ${left.join(", ")}.`,
      },
    ],
  };
}

/** Say what stopped the client between here and the cloud: never the fault of whoever asked. */
function outcomeOfClientError(error: ClientError): Outcome {
  switch (error.kind) {
    case "unreachable":
      return away("The cloud cannot be reached. What was asked may have been done.");
    case "refused":
      return error.status === 429 || error.status === 503
        ? away("The cloud is busy.")
        : refusal(502, "processing", `The cloud refused (${error.problem}).`);
    case "another-service":
      return refusal(502, "exception", "Another service answers at the cloud's address.");
    case "malformed-answer":
      return refusal(502, "exception", "The cloud's answer cannot be read.");
    case "not-live":
    case "no-cell":
    case "unknown-source":
    case "unknown-grant":
      return refusal(
        403,
        "forbidden",
        `What may be read and written here has changed (${error.kind}).`,
      );
    default:
      return refusal(502, "security", `What the cloud shows is not believed (${error.kind}).`);
  }
}

/** The far side is away for now: 503, and when to come again. */
function away(diagnostics: string): Outcome {
  return { ...refusal(503, "transient", diagnostics), retryAfter: RETRY_SECONDS };
}
