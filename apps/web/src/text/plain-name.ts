const LOINC = "http://loinc.org";

/** What people call it; otherwise what the record does. */
export function plainName(
  {
    system,
    code,
    title,
  }: { readonly system: string; readonly code: string; readonly title: string },
  testNames: Readonly<Record<string, string>>,
): string {
  return (system === LOINC ? testNames[code] : undefined) ?? title;
}
