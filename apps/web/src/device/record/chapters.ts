// What a record is told in, and the searches that each part of it is.

export type ChapterName =
  | "problems"
  | "medications"
  | "allergies"
  | "laboratory"
  | "vitals"
  | "immunizations"
  | "procedures"
  | "imaging"
  | "documents"
  | "visits"
  | "plans"
  | "findings"
  | "messages"
  | "other";

/** One search of a chapter: its type, what restricts it, and the parameter of its date. */
export interface Part {
  readonly type: string;
  readonly only?: string;
  readonly date?: string;
}

const part = (type: string, date?: string, only?: string): Part => ({
  type,
  ...(date !== undefined && { date }),
  ...(only !== undefined && { only }),
});

const FINDINGS = "social-history,survey,exam,imaging,procedure,therapy,activity";

/** In the order in which they are shown. */
export const CHAPTERS: Readonly<Record<ChapterName, readonly Part[]>> = {
  problems: [part("Condition", "onset-date")],
  medications: [
    part("MedicationRequest", "authoredon"),
    part("MedicationStatement", "effective"),
    part("MedicationDispense", "whenhandedover"),
    part("MedicationAdministration", "effective-time"),
  ],
  allergies: [part("AllergyIntolerance", "date")],
  laboratory: [part("Observation", "date", "category=laboratory")],
  vitals: [part("Observation", "date", "category=vital-signs")],
  immunizations: [part("Immunization", "date")],
  procedures: [part("Procedure", "date")],
  imaging: [part("ImagingStudy", "started"), part("Media", "created")],
  documents: [
    part("DocumentReference", "date"),
    part("DiagnosticReport", "date"),
    part("Composition", "date"),
  ],
  visits: [part("Encounter", "date"), part("EpisodeOfCare", "date"), part("Appointment", "date")],
  plans: [
    part("CarePlan", "date"),
    part("Goal", "start-date"),
    part("CareTeam", "date"),
    part("ServiceRequest", "authored"),
  ],
  findings: [
    part("Observation", "date", `category=${FINDINGS}`),
    part("QuestionnaireResponse", "authored"),
    part("ClinicalImpression", "date"),
    part("RiskAssessment", "date"),
    part("FamilyMemberHistory", "date"),
  ],
  messages: [part("Communication", "sent")],
  other: [
    "Patient",
    "RelatedPerson",
    "Coverage",
    "Consent",
    "Provenance",
    "Device",
    "Medication",
    "Specimen",
    "Claim",
    "ExplanationOfBenefit",
    "Location",
  ].map((type) => part(type)),
};

export const CHAPTER_NAMES = Object.keys(CHAPTERS) as readonly ChapterName[];

/** What happens in time: all of it, so that nothing is missed between two hospitals. */
export const TIMELINE: readonly Part[] = [
  part("Observation", "date"),
  ...CHAPTER_NAMES.filter((name) => !["laboratory", "vitals", "other"].includes(name))
    .flatMap((name) => CHAPTERS[name])
    .filter(({ type }) => type !== "Observation"),
];

const BY_TYPE: ReadonlyMap<string, ChapterName> = new Map(
  CHAPTER_NAMES.flatMap((name) => CHAPTERS[name].map(({ type }) => [type, name] as const)).filter(
    ([type]) => type !== "Observation",
  ),
);

/** The chapter that a record is told in. */
export function chapterOf(type: string, categories: readonly string[]): ChapterName {
  if (type !== "Observation") return BY_TYPE.get(type) ?? "other";
  if (categories.includes("vital-signs")) return "vitals";
  return categories.includes("laboratory") ? "laboratory" : "findings";
}

/** Days that a list is restricted to, both included; `YYYY-MM-DD`. */
export interface Days {
  readonly from?: string;
  readonly to?: string;
}

/** A part of a chapter as a FHIR search, the newest first. */
export function searchOf({ type, only, date }: Part, { from, to }: Days = {}): string {
  const parameters = only === undefined ? [] : [only];
  if (date !== undefined) {
    if (from !== undefined) parameters.push(`${date}=ge${from}`);
    if (to !== undefined) parameters.push(`${date}=le${to}`);
    parameters.push(`_sort=-${date}`);
  }
  return parameters.length === 0 ? type : `${type}?${parameters.join("&")}`;
}
