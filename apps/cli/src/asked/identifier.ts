import { fail, type Result } from "@salus/base";
import { readIdentifier } from "@salus/client";
import { IDENTIFIER_KINDS, type Identifier } from "@salus/protocol";
import type { Failure } from "../words.ts";

/**
 * Read an identifier: `email:ann@example.org`, `phone:+46700000000`, `health-number:abha|91-…`,
 * `record-number:north|4711`.
 *
 * Takes:   `region`, for phone numbers without a country's code.
 * Fails:   `usage`, any `IdentifierError`.
 */
export function identifierOf(
  text: string,
  region: string | undefined,
): Result<Identifier, Failure> {
  const colon = text.indexOf(":");
  const kind = IDENTIFIER_KINDS.find((one) => one === text.slice(0, colon));
  if (kind !== undefined) return readIdentifier(kind, text.slice(colon + 1), region);
  const next = `${IDENTIFIER_KINDS.map((one) => `${one}:…`).join(", ")} is meant.`;
  return fail({ kind: "usage", what: `${text} is no identifier`, next });
}

/** An identifier that stands in a request, `email|ann@example.org`, as people write it. */
export function identifierShown(text: string): string {
  return text.replace("|", ":");
}
