import { derive, type Found, resources, Seen, Sorter, Survey } from "@salus/client/writer";
import { BALANCED, type IndexEntry } from "@salus/health";
import { openInput } from "../../apps/cli/src/reading/input.ts";
import { deduplicate, paddedSize } from "../../packages/crypto/src/tags.ts";

/** How much index there is of some records. */
export interface IndexSize {
  /** One for each scope on a record's path. */
  readonly ordered: number;
  readonly sealed: number;
  /** Each keyword of a record once. */
  readonly tags: number;
  /** The same, with what pads the lists. */
  readonly paddedTags: number;
}

/**
 * What an import of files has to store, by the policy and by who made each record: counted without
 * keys, and without what imports.
 */
export async function indexSizeOf(files: readonly string[]): Promise<IndexSize> {
  const survey = new Survey();
  const inputs = await Promise.all(files.map(inputOf));
  for (const input of inputs) await survey.take(input, new AbortController().signal, () => {});
  const sorter = new Sorter(survey);
  const count = new Count(survey);
  for (const input of inputs) {
    for await (const read of resources(input, survey.linksOf(input))) {
      if (!read.found) continue;
      const belongs = sorter.sort(read);
      if (belongs.kind === "records") count.add(read, belongs.patients);
    }
  }
  for (const [found, belongs] of sorter.later()) {
    if (belongs.kind === "records") count.add(found, belongs.patients);
  }
  return count.size;
}

class Count {
  readonly size = { ordered: 0, sealed: 0, tags: 0, paddedTags: 0 };
  readonly #survey: Survey;
  readonly #seen = new Seen();

  constructor(survey: Survey) {
    this.#survey = survey;
  }

  add({ resource }: Found, patients: readonly string[]): void {
    for (const patient of patients) {
      const { organisation, department, physician } = this.#survey.care.assign(resource, patient);
      const top = organisation ?? patient;
      const path = [top, department, physician].filter((node) => node !== undefined);
      const derived = derive(resource, path, BALANCED);
      if (!derived.ok) continue;
      const { index, text } = derived.value;
      const novelty = this.#seen.note(patient, top, index.type, index.id, text);
      if (novelty === "new") this.#addEntries(index.entries, path.length);
    }
  }

  #addEntries(entries: readonly IndexEntry[], depth: number): void {
    const { size } = this;
    const tags = deduplicate(entries.filter((entry) => entry.kind === "tag")).length;
    size.tags += tags;
    if (tags > 0) size.paddedTags += paddedSize(tags);
    size.sealed += entries.filter(({ kind }) => kind === "sealed").length;
    // The root's scope, and one for each node of the path.
    size.ordered += entries.filter(({ kind }) => kind === "ordered").length * (1 + depth);
  }
}

async function inputOf(file: string): Promise<Parameters<typeof resources>[0]> {
  const input = await openInput(file);
  if (!input.ok) throw new Error(`${file} cannot be read: ${input.error.kind}`);
  return input.value;
}
