/** Case and accents removed, as FHIR R4 §3.1.1.4.7 asks for strings. */
export const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();

/** Whether one field matches: at its start, anywhere (`contains`), or in every character (`exact`). */
export function stringMatches(modifier: string, field: string, asked: string): boolean {
  switch (modifier) {
    case "":
      return fold(field).startsWith(fold(asked));
    case "contains":
      return fold(field).includes(fold(asked));
    case "exact":
      return field === asked;
    default:
      throw new Error(`the oracle has no string modifier ${modifier}`);
  }
}
