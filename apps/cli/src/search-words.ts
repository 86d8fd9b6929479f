import type { SearchError } from "@salus/health";

/** What is wrong with a search, in words; its values are not repeated. */
export function searchErrorText(error: SearchError): string {
  switch (error.kind) {
    case "unknown-type":
      return error.type === ""
        ? "it names no type of resource; Observation?code=8480-6 is meant"
        : `${error.type} is no type of resource that a record has`;
    case "unknown-parameter":
      if (error.parameter === "_sort") return "_sort: this type cannot be sorted by that";
      return `there is no search parameter ${error.parameter} for this type`;
    case "unsupported-parameter":
      return `${error.parameter} is not supported: leaving it out would change the answer`;
    case "unsupported-chain":
      return `${error.parameter}: chained searches are not supported`;
    case "unsupported-modifier":
      return `${error.parameter} does not take the modifier :${error.modifier}`;
    case "bad-date":
      return `${error.parameter}: that is no date; 2015-01-31 or ge2015 is meant`;
    case "bad-number":
      return `${error.parameter}: that is no number`;
    case "bad-unit":
      return `${error.parameter}: that unit is not known; UCUM's mm[Hg] or kg is meant`;
    case "bad-token":
      return `${error.parameter}: system|code, or code, is meant`;
    case "bad-composite":
      return `${error.parameter}: two values with $ between them are meant`;
    case "bad-value":
      return `${error.parameter} does not take that value`;
    case "empty-value":
      return `${error.parameter} has no value`;
    case "bad-encoding":
      return "it holds a % that encodes nothing";
    case "too-complex":
      return "it is too long, or has too many parameters or alternatives";
  }
}
