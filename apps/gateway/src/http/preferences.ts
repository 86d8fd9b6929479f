/** What a client would like, by `Prefer`. Source: R4 http §3.1.0.1.11; RFC 7240. */
export interface Preferences {
  /** What the answer to a write holds. */
  readonly returns: "minimal" | "representation" | "OperationOutcome";
  /** Whether parameters that are not known are left out, instead of refused. */
  readonly lenient: boolean;
}

const NO_PREFERENCES: Preferences = { returns: "representation", lenient: false };

/** Read `return=minimal, handling=lenient`. What is not known there is left alone, as RFC 7240 §2 wants. */
export function readPreferences(header: string | undefined): Preferences {
  let { returns, lenient } = NO_PREFERENCES;
  for (const part of (header ?? "").split(/[,;]/)) {
    const [name = "", value = ""] = part.trim().replaceAll('"', "").split("=", 2);
    if (name.toLowerCase() === "handling") lenient = value.toLowerCase() === "lenient";
    if (name.toLowerCase() === "return") returns = RETURNS.get(value.toLowerCase()) ?? returns;
  }
  return { returns, lenient };
}

const RETURNS: ReadonlyMap<string, Preferences["returns"]> = new Map([
  ["minimal", "minimal"],
  ["representation", "representation"],
  ["operationoutcome", "OperationOutcome"],
]);
