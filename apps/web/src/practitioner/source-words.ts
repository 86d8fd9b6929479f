import type { Entry } from "../device/practice/entry.ts";
import type { Format } from "../text/format.ts";
import type { Catalogue } from "../text/text.tsx";

interface Named {
  readonly name: string | undefined;
  readonly word: string;
}

/** The names of the sources of which one thing is to be said. */
export function namesOf(
  sources: readonly Named[],
  word: string,
  { practitioner }: Catalogue,
  format: Format,
): string {
  const some = sources.filter((source) => source.word === word);
  return format.list(some.map(({ name }) => name ?? practitioner.chart.unnamed));
}

/** Who has recorded a fact, each once; of whoever has written it alone, down to the person. */
export function organisationsOf(entry: Entry, { practitioner }: Catalogue): readonly string[] {
  const { chart } = practitioner;
  const names = entry.records.map(({ recorder: { organisation, assigned } }) =>
    assigned === "patient" ? chart.patientSays : (organisation ?? chart.unnamed),
  );
  return [...new Set(names)];
}
