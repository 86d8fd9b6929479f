import { describe } from "../describe/describe.ts";
import { type Json, textOf, valueText } from "../describe/text.ts";
import { LOINC } from "../systems.ts";
import { isCoded, SECTIONS, type SectionName, type SectionPlan } from "./sections.ts";

/** What a summary is made of. */
export interface SummaryParts {
  /** The patient's own resource, if a source has one. */
  readonly patient: Json | undefined;
  /** Records of one patient; what no section holds stays out. */
  readonly records: readonly Json[];
  /** When it is made, as FHIR writes an instant. */
  readonly now: string;
  /** Draws the name of an entry: a UUID, another one each time. */
  readonly uuid: () => string;
  /** What records refer to and no section holds, such as medications; in the document where one of it does. */
  readonly referred?: readonly Json[];
  /** Where records stand that are not in the document: their references are written in full. */
  readonly base?: string;
  /** Sources that did not answer, in words: the document says that it lacks what they know. */
  readonly missing?: readonly string[];
}

/** A section as people read it, with what it lists. */
export interface SummarySection {
  readonly name: SectionName;
  readonly records: readonly Json[];
}

/** An International Patient Summary, as a document and by its sections. */
export interface Summary {
  /** A FHIR R4 Bundle of type `document`, whose first entry is the Composition. */
  readonly document: Json;
  readonly sections: readonly SummarySection[];
}

const ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
const CLINICAL = "http://terminology.hl7.org/CodeSystem";
/**
 * How many records of one name a section shows, the newest first: a summary says how things are, not how
 * they were, and what two hospitals both know once. Left out: all.
 */
const OF_ONE_NAME: Partial<Record<SectionName, number>> = {
  allergies: 1,
  medications: 1,
  problems: 1,
  results: 3,
  vitals: 3,
};

/**
 * Make a summary of a record, to be handed to somebody who does not know the patient.
 *
 * A required section that nothing was found for says that nothing is *known*: it never says that there
 * is none, for that only a source can say.
 *
 * Takes:   records as FHIR R4 has them. Those entered in error are left out.
 * Gives:   a document that refers only to what is in it, where that is in the record.
 * Source:  HL7 International Patient Summary (uv/ips): Bundle, Composition, "absent or unknown".
 */
export function buildSummary(parts: SummaryParts): Summary {
  const { patient, records, now, uuid, referred = [], base, missing = [] } = parts;
  const sound = records.filter((record) => !isWrong(record));
  const sections = SECTIONS.map(({ name, holds }) => ({
    name,
    records: newest(sound.filter(holds), OF_ONE_NAME[name]),
  }));
  const subject = patient ?? { resourceType: "Patient" };
  const urls = new Map<Json, string>();
  const held = sections.flatMap((section) => section.records);
  const used = referencesIn(held);
  const behind = referred.filter(({ resourceType, id }) => used.has(`${resourceType}/${id}`));
  for (const one of [subject, ...held, ...behind]) {
    urls.set(one, `urn:uuid:${uuid()}`);
  }
  const names = new Map(
    [...urls].flatMap(([one, url]) => {
      const [type, id] = [textOf(one.resourceType), textOf(one.id)];
      return id === "" ? [] : [[`${type}/${id}`, url] as const];
    }),
  );
  const entryOf = (resource: Json): Json => ({
    fullUrl: urls.get(resource),
    resource: renamed(resource, names, base),
  });
  const about = { reference: urls.get(subject) ?? "" };
  const listed = SECTIONS.flatMap((plan, at) => {
    const found = sections[at]?.records ?? [];
    if (found.length > 0) return [{ plan, entries: found.map(entryOf) }];
    const absent = absentOf(plan, about, uuid);
    return absent === undefined ? [] : [{ plan, entries: [absent] }];
  });
  const composition = {
    resourceType: "Composition",
    status: missing.length > 0 ? "preliminary" : "final",
    type: concept(LOINC, "60591-5", "Patient summary Document"),
    subject: about,
    date: now,
    author: [about],
    title: "International Patient Summary",
    section: [
      ...listed.map(({ plan, entries }) => sectionOf(plan, entries)),
      ...(missing.length > 0 ? [missingSection(missing)] : []),
    ],
  };
  const document = {
    resourceType: "Bundle",
    type: "document",
    identifier: { system: "urn:ietf:rfc:3986", value: `urn:uuid:${uuid()}` },
    timestamp: now,
    entry: [
      { fullUrl: `urn:uuid:${uuid()}`, resource: composition },
      entryOf(subject),
      ...listed.flatMap(({ entries }) => entries),
      ...behind.map(entryOf),
    ],
  };
  return { document, sections: sections.filter((section) => section.records.length > 0) };
}

/** What was entered in error, or has turned out not to be so. */
function isWrong({ status, verificationStatus }: Json): boolean {
  const wrong = textOf(status) === "entered-in-error";
  return wrong || isCoded(verificationStatus, "entered-in-error", "refuted");
}

/** The newest first, and of each name only so many; what has no name is not the same as another. */
function newest(records: readonly Json[], most: number | undefined): readonly Json[] {
  const dated = records.map((record) => ({ record, ...describe(record) }));
  dated.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0));
  const counts = new Map<string, number>();
  return dated
    .filter(({ type, title }) => {
      if (title === "") return true;
      const name = `${type} ${title}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return most === undefined || count <= most;
    })
    .map(({ record }) => record);
}

function absentOf({ unknown }: SectionPlan, subject: Json, uuid: () => string): Json | undefined {
  if (unknown === undefined) return undefined;
  const { type, code, display } = unknown;
  const said = concept(ABSENT, code, display);
  const resource =
    type === "MedicationStatement"
      ? {
          status: "unknown",
          medicationCodeableConcept: said,
          subject,
          effectivePeriod: {
            extension: [
              {
                url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                valueCode: "unknown",
              },
            ],
          },
        }
      : {
          clinicalStatus: concept(
            `${CLINICAL}/${type === "Condition" ? "condition-clinical" : "allergyintolerance-clinical"}`,
            "active",
            "Active",
          ),
          code: said,
          [type === "Condition" ? "subject" : "patient"]: subject,
        };
  return { fullUrl: `urn:uuid:${uuid()}`, resource: { resourceType: type, ...resource } };
}

function sectionOf({ title, code, display }: SectionPlan, entries: readonly Json[]): Json {
  const lines = entries.map(({ resource }) => lineOf(resource as Json));
  return {
    title,
    code: concept(LOINC, code, display),
    text: narrative(lines),
    entry: entries.map(({ fullUrl }) => ({ reference: fullUrl })),
  };
}

/** What a reader must know before she takes silence for health. */
function missingSection(missing: readonly string[]): Json {
  return {
    title: "Sources that did not answer",
    code: concept(LOINC, "48767-8", "Annotation comment [Interpretation] Narrative"),
    text: narrative(missing),
  };
}

function narrative(lines: readonly string[]): Json {
  const items = lines.map((line) => `<li>${escaped(line)}</li>`).join("");
  const div = `<div xmlns="http://www.w3.org/1999/xhtml"><ul>${items}</ul></div>`;
  return { status: "generated", div };
}

/** One record in one line: what, what was found, when. */
function lineOf(record: Json): string {
  const { title, date, type } = describe(record);
  return [title || type, valueText(record), date.slice(0, 10)]
    .filter((part) => part !== "")
    .join(" · ");
}

function concept(system: string, code: string, display: string): Json {
  return { coding: [{ system, code, display }], text: display };
}

function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  // What XML does not allow at all is left out.
  return text
    .replace(/[&<>"]/g, (sign) => names[sign] ?? "")
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "");
}

const DEPTH_MAX = 64;

const RELATIVE = /^[A-Z][A-Za-z]{1,63}\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Every text that stands as a reference in records. */
function referencesIn(records: readonly Json[]): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > DEPTH_MAX) return;
    for (const [key, one] of Object.entries(value)) {
      if (key === "reference" && typeof one === "string") found.add(one);
      else walk(one, depth + 1);
    }
  };
  for (const record of records) walk(record, 0);
  return found;
}

/** The same resource, with references to what is in the document by the names that it has there. */
function renamed(
  value: Json,
  names: ReadonlyMap<string, string>,
  base: string | undefined,
  depth: number = 0,
): Json {
  const walk = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one === "object" && one !== null && depth < DEPTH_MAX) {
      return renamed(one as Json, names, base, depth + 1);
    }
    return one;
  };
  // In a document nothing says what a relative reference is relative to.
  const inFull = (one: string): string =>
    base !== undefined && RELATIVE.test(one) ? `${base}/${one}` : one;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === "reference" && typeof one === "string" ? (names.get(one) ?? inFull(one)) : walk(one),
    ]),
  );
}
