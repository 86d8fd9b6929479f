import { fail, ok, type Result } from "@salus/base";
import type { Answer, Report } from "@salus/client";
import { buildSummary, type DescribedValue, type Json, type SectionName } from "@salus/health";
import { askAbout, together } from "../asking.ts";
import { described } from "../described.ts";
import { type Open, withOpen } from "../open.ts";
import type { Failure, Problem } from "../problem.ts";
import { roomOf } from "../record/room.ts";

/** A file that a person takes with her, and how whole it is. */
export interface PortableFile {
  readonly file: Blob;
  readonly records: number;
  /** Names of sources that did not answer: what they wrote is not in it. */
  readonly silent: readonly string[];
}

/** One line of a summary. */
export interface SummaryLine {
  readonly title: string;
  readonly values: readonly DescribedValue[];
  /** As FHIR writes it; empty where there is none. */
  readonly date: string;
}

/** A summary to be read, printed or handed over. */
export interface SummaryView {
  readonly name: string;
  readonly birthDate: string;
  readonly sections: readonly {
    readonly name: SectionName;
    readonly lines: readonly SummaryLine[];
  }[];
  readonly silent: readonly string[];
  /** The FHIR document, in JSON. */
  readonly file: Blob;
}

const FHIR_JSON = "application/fhir+json";

/** What a summary is made of: little of much, and the newest. */
const ASKED: readonly (readonly [query: string, most: number])[] = [
  ["Patient", 1],
  ["AllergyIntolerance", 200],
  ["MedicationRequest?status=active&_sort=-date&_count=200", 200],
  ["MedicationStatement", 100],
  ["Condition?clinical-status=active&_count=200", 200],
  ["Immunization?_sort=-date&_count=100", 100],
  ["Procedure?_sort=-date&_count=50", 50],
  ["Device", 50],
  ["DiagnosticReport?_sort=-date&_count=20", 20],
  ["Observation?category=laboratory&_sort=-date&_count=120", 120],
  ["Observation?category=vital-signs&_sort=-date&_count=60", 60],
];

let exported = 0;

/**
 * Everything that is in her vault, as one FHIR bundle.
 *
 * Fails:   `no-vault`, any `CloudError`.
 */
async function bundleOf(open: Open): Promise<Result<PortableFile, Failure>> {
  const reader = await open.reader();
  if (!reader.ok) return reader;
  const vault = await roomOf(open).vault();
  if (!vault.ok) return vault;
  // Of the one record that she looks at: others may let her read theirs.
  const answer = await reader.value.export({ vaults: [vault.value.vault] });
  if (!answer.ok) return answer;
  exported = 0;
  const parts: BlobPart[] = [
    `{"resourceType":"Bundle","type":"collection","timestamp":"${new Date().toISOString()}","entry":[`,
  ];
  for await (const { resource } of answer.value) {
    // Each as its own part: the whole is never one text in memory.
    parts.push(`${exported === 0 ? "" : ","}\n{"resource":${JSON.stringify(resource)}}`);
    exported += 1;
  }
  parts.push("\n]}\n");
  const file = new Blob(parts, { type: FHIR_JSON });
  return ok({ file, records: exported, silent: silentOf(answer.value) });
}

function silentOf(answer: Answer): readonly string[] {
  const { sources, failures }: Report = answer.report();
  const names = sources
    .filter(({ status }) => status === "failed" || status === "stale")
    .map(({ name }) => name ?? "");
  return failures.length > 0 ? [...names, ""] : names;
}

async function summaryOf(open: Open): Promise<Result<SummaryView, Failure>> {
  const room = roomOf(open);
  const vault = await room.vault();
  if (!vault.ok) return vault;
  const vaults = [vault.value.vault];
  const asked = await Promise.all(
    ASKED.map(([query, most]) => askAbout(open, query, vaults, most)),
  );
  const good = [];
  for (const one of asked) {
    if (!one.ok) return one;
    good.push(one.value);
  }
  const { matches, sources } = together(good);
  const silent = sources.filter(({ word }) => word === "silent" || word === "stale");
  const records = matches.map(({ resource }) => resource as Json);
  const own = records.find(({ resourceType }) => resourceType === "Patient");
  const { document, sections } = buildSummary({
    patient: own,
    records,
    now: new Date().toISOString(),
    uuid: () => crypto.randomUUID(),
  });
  const text = own === undefined ? undefined : described(own);
  return ok({
    name: text?.title || (room.other === undefined ? open.person.name : ""),
    birthDate: text?.details.find(({ name }) => name === "born")?.text ?? "",
    sections: sections.map(({ name, records: listed }) => ({
      name,
      lines: listed.map((record) => {
        const { title, type, values, date } = described(record);
        return { title: title || type, values, date };
      }),
    })),
    silent: silent.map(({ name }) => name ?? ""),
    file: new Blob([JSON.stringify(document, undefined, 1)], { type: FHIR_JSON }),
  });
}

/** Her record, to take with her. */
export const portable = {
  bundle: (): Promise<Result<PortableFile, Problem>> => withOpen(bundleOf),

  /** How many records the export at work has read. */
  progress: async (): Promise<Result<number, Problem>> => ok(exported),

  /** An International Patient Summary. Fails: `no-vault`, any `CloudError`. */
  summary: (): Promise<Result<SummaryView, Problem>> =>
    withOpen((open) =>
      open.person.role === "patient"
        ? summaryOf(open)
        : Promise.resolve(fail({ kind: "no-vault" })),
    ),
};
