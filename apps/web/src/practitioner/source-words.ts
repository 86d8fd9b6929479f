import type { Entry } from "../device/practice/entry.ts";
import type { Catalogue } from "../text/catalogue.ts";
import type { Format } from "../text/format.ts";

interface Named {
  readonly name: string | undefined;
  readonly own: boolean;
}

/** What a source is called: by its certificate, or the patient herself, who needs none. */
export function sourceName({ name, own }: Named, { practitioner }: Catalogue): string {
  return name ?? (own ? practitioner.chart.herself : practitioner.chart.unnamed);
}

/** The names of the sources of which one thing is to be said. */
export function namesOf(
  sources: readonly (Named & { readonly word: string })[],
  word: string,
  text: Catalogue,
  format: Format,
): string {
  const some = sources.filter((source) => source.word === word);
  return format.list(some.map((source) => sourceName(source, text)));
}

/** Who has recorded a fact, each once; of whoever has written it alone, down to the person. */
export function organisationsOf(entry: Entry, { practitioner }: Catalogue): readonly string[] {
  const { chart } = practitioner;
  const names = entry.records.map(({ recorder: { organisation, assigned } }) =>
    assigned === "patient" ? chart.herself : (organisation ?? chart.unnamed),
  );
  return [...new Set(names)];
}
