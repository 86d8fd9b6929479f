import { fail, ok, type Result } from "@salus/base";
import { type Outcome, refusal } from "../outcome.ts";

/** The media type of every answer. */
export const FHIR_JSON = "application/fhir+json";
export const JSON_PATCH = "application/json-patch+json";
const FORM = "application/x-www-form-urlencoded";

/** How clients write JSON, in `_format` and `Accept`. */
const JSON_NAMES: ReadonlySet<string> = new Set([
  "json",
  FHIR_JSON,
  "application/json",
  "application/json+fhir",
  "text/json",
]);

/** What a client may take that includes JSON. */
const ANY: ReadonlySet<string> = new Set(["*/*", "application/*"]);

interface MediaType {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Read `application/fhir+json; charset=utf-8; fhirVersion=4.0`. */
function readMediaType(text: string): MediaType {
  const [name = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = rest.map((part) => {
    const [label = "", value = ""] = part.split("=", 2);
    return [label.trim().toLowerCase(), value.trim().replaceAll('"', "")] as const;
  });
  return { name: name.toLowerCase(), parameters: new Map(parameters) };
}

/** Whether a version that somebody asks for, or says that hers is, is R4. */
const isR4 = (version: string | undefined): boolean =>
  version === undefined || /^4\.0(?:\.\d+)?$/.test(version);

/**
 * Decide whether JSON is what a client takes. `_format` goes before `Accept`.
 *
 * Fails:   406.
 */
export function negotiate(
  accept: string | undefined,
  format: string | undefined,
): Result<undefined, Outcome> {
  if (format !== undefined && format !== "") {
    // A plus that nobody escaped has become a space.
    const { name, parameters } = readMediaType(format.replaceAll(" ", "+"));
    const taken = JSON_NAMES.has(name) && isR4(parameters.get("fhirversion"));
    return taken ? ok(undefined) : fail(notAcceptable("_format"));
  }
  if (accept === undefined || accept.trim() === "") return ok(undefined);
  const taken = accept.split(",").map(readMediaType).some(isTaken);
  return taken ? ok(undefined) : fail(notAcceptable("Accept"));
}

function isTaken({ name, parameters }: MediaType): boolean {
  if (Number(parameters.get("q") ?? "1") === 0) return false;
  return (JSON_NAMES.has(name) || ANY.has(name)) && isR4(parameters.get("fhirversion"));
}

const notAcceptable = (parameter: string): Outcome =>
  refusal(406, "not-supported", `Answers are FHIR R4 in JSON: ${FHIR_JSON}.`, { parameter });

/** What a body is. */
export type BodyKind = "resource" | "json-patch" | "form";

/**
 * Decide what a body is by its `Content-Type`.
 *
 * Fails:   415 for what is not among `expected`, for a charset that is not UTF-8, for a body that is compressed.
 */
export function bodyKindOf(
  headers: {
    readonly "content-type"?: string | undefined;
    readonly "content-encoding"?: string | undefined;
  },
  expected: readonly BodyKind[],
): Result<BodyKind, Outcome> {
  const { name, parameters } = readMediaType(headers["content-type"] ?? "");
  const encoding = headers["content-encoding"] ?? "identity";
  const kind = kindOf(name);
  const charset = (parameters.get("charset") ?? "utf-8").toLowerCase();
  if (encoding !== "identity") return fail(unsupported("Content-Encoding", "Send it as it is."));
  if (kind === undefined || !expected.includes(kind)) {
    const media = expected.map((each) => MEDIA_OF[each]).join(" or ");
    return fail(unsupported("Content-Type", `Send ${media}.`));
  }
  if (charset !== "utf-8" && charset !== "utf8" && charset !== "us-ascii") {
    return fail(unsupported("Content-Type", "Send it in UTF-8."));
  }
  if (!isR4(parameters.get("fhirversion"))) {
    return fail(unsupported("Content-Type", "Send FHIR R4."));
  }
  return ok(kind);
}

const MEDIA_OF: Readonly<Record<BodyKind, string>> = {
  resource: FHIR_JSON,
  "json-patch": JSON_PATCH,
  form: FORM,
};

function kindOf(name: string): BodyKind | undefined {
  if (name === JSON_PATCH) return "json-patch";
  if (name === FORM) return "form";
  return name !== "json" && JSON_NAMES.has(name) ? "resource" : undefined;
}

const unsupported = (parameter: string, says: string): Outcome =>
  refusal(415, "not-supported", `A body of this ${parameter} is not taken here. ${says}`, {
    parameter,
  });
