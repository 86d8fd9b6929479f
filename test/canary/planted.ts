import { type Pattern, patternsOf, patternsOfNumber } from "./encodings.ts";

/**
 * A patient whose every element can be told from anything else in the world.
 *
 * All texts contain one word that folding, lower case and prefixes of words leave as it is, numbers
 * have one fraction, dates one day, so that a handful of patterns finds any of them.
 */
const WORD = "qzheron7";
const SPLIT = `${WORD}-`;
const NUMBER = 83.719482651;
const DAY = "1913-07-19";
const HIDDEN = Buffer.from(`a letter about ${SPLIT}letter`).toString("base64");

/** What must not be found in any encoding anywhere outside the patient's and the sources' homes. */
export const SECRETS: readonly Pattern[] = [
  ...patternsOf(WORD, Buffer.from(WORD)),
  ...patternsOf(WORD.toUpperCase(), Buffer.from(WORD.toUpperCase())),
  ...patternsOf(String(NUMBER), Buffer.from(String(NUMBER))),
  ...patternsOf(DAY, Buffer.from(DAY)),
  ...patternsOfNumber(NUMBER),
];

/** The one text that is public: the name under which the hospital is certified. */
export const PUBLIC_NAME = "Wxbittern Public Hospital";

const text = (element: string): string => `${SPLIT}${element}`;
const concept = (element: string): object => ({
  coding: [
    {
      system: `http://${text("system")}.example.org`,
      code: text(`${element}-code`),
      display: text(`${element}-display`),
    },
  ],
  text: text(`${element}-text`),
});
const time = (clock: string): string => `${DAY}T${clock}Z`;
const quantity = {
  value: NUMBER,
  unit: "mm[Hg]",
  system: "http://unitsofmeasure.org",
  code: "mm[Hg]",
};
const note = (element: string): object[] => [
  { text: text(`${element}-note`), time: time("01:02:03") },
];

const subject = { reference: `Patient/${text("patient-id")}`, display: text("patient-display") };
const encounter = { reference: `Encounter/${text("encounter-id")}` };
const common = (type: string): { resourceType: string; id: string } & Record<string, unknown> => ({
  resourceType: type,
  id: text(`${type.toLowerCase()}-id`),
  meta: { tag: [{ system: "http://tags", code: text(`${type.toLowerCase()}-tag`) }] },
  text: {
    status: "generated",
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${text(`${type.toLowerCase()}-narrative`)}</div>`,
  },
  extension: [
    { url: `http://${text("extension")}.example.org`, valueString: text("extension-value") },
  ],
  identifier: [{ system: `http://${text("identifiers")}.example.org`, value: text("identifier") }],
});

const patient = {
  ...common("Patient"),
  id: text("patient-id"),
  name: [{ family: text("family"), given: [text("given")], prefix: [text("prefix")] }],
  telecom: [{ system: "phone", value: text("phone") }],
  address: [{ line: [text("line")], city: text("city"), postalCode: text("postal") }],
  birthDate: DAY,
  gender: "female",
  contact: [{ name: { family: text("contact") } }],
};

const clinical = [
  {
    ...common("Encounter"),
    id: text("encounter-id"),
    status: "finished",
    class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB" },
    type: [concept("encounter-type")],
    reasonCode: [concept("encounter-reason")],
    subject,
    period: { start: time("02:03:04"), end: time("03:04:05") },
    serviceProvider: { reference: "Organization/canary-hospital" },
  },
  {
    ...common("Observation"),
    status: "final",
    category: [
      {
        coding: [
          {
            system: "http://terminology.hl7.org/CodeSystem/observation-category",
            code: "laboratory",
          },
        ],
      },
    ],
    code: { coding: [{ system: "http://loinc.org", code: "8480-6" }], text: text("systolic") },
    subject,
    encounter,
    effectiveDateTime: time("04:05:06"),
    valueQuantity: quantity,
    interpretation: [concept("interpretation")],
    note: note("observation"),
    component: [{ code: concept("component"), valueQuantity: quantity }],
    referenceRange: [{ low: quantity, text: text("range") }],
    contained: [{ resourceType: "Specimen", id: "s", note: note("contained") }],
  },
  {
    ...common("Observation"),
    id: text("words-id"),
    status: "final",
    code: concept("words"),
    subject,
    encounter,
    effectiveInstant: time("05:06:07"),
    valueString: text("value-string"),
  },
  {
    ...common("Observation"),
    id: text("sensitive-id"),
    meta: {
      security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "PSY" }],
    },
    status: "final",
    code: concept("sensitive"),
    subject,
    encounter,
    effectiveDateTime: time("05:16:17"),
    valueQuantity: quantity,
  },
  {
    ...common("Condition"),
    code: concept("condition"),
    bodySite: [concept("body-site")],
    subject,
    encounter,
    onsetDateTime: DAY,
    note: note("condition"),
  },
  {
    ...common("MedicationRequest"),
    status: "active",
    intent: "order",
    medicationCodeableConcept: concept("medication"),
    subject,
    encounter,
    authoredOn: time("06:07:08"),
    dosageInstruction: [{ text: text("dosage"), doseAndRate: [{ doseQuantity: quantity }] }],
  },
  {
    ...common("AllergyIntolerance"),
    code: concept("allergy"),
    patient: subject,
    encounter,
    recordedDate: time("07:08:09"),
    reaction: [{ manifestation: [concept("manifestation")] }],
  },
  {
    ...common("Immunization"),
    status: "completed",
    vaccineCode: concept("vaccine"),
    patient: subject,
    encounter,
    occurrenceDateTime: time("08:09:10"),
    lotNumber: text("lot"),
  },
  {
    ...common("Procedure"),
    status: "completed",
    code: concept("procedure"),
    subject,
    encounter,
    performedPeriod: { start: time("09:10:11"), end: time("10:11:12") },
  },
  {
    ...common("DiagnosticReport"),
    status: "final",
    code: concept("report"),
    subject,
    encounter,
    effectiveDateTime: time("11:12:13"),
    conclusion: text("conclusion"),
    presentedForm: [{ contentType: "text/plain", data: HIDDEN, title: text("form") }],
  },
  {
    ...common("DocumentReference"),
    status: "current",
    type: concept("document"),
    subject,
    context: { encounter: [encounter] },
    date: time("12:13:14"),
    // Longer than a page of the database, and easily compressed: it must be stored as it is sealed.
    content: [{ attachment: { contentType: "text/plain", data: HIDDEN.repeat(300) } }],
  },
];

/** The planted records, as a bundle that `import` takes. */
export const plantedBundle: string = JSON.stringify({
  resourceType: "Bundle",
  type: "collection",
  entry: [
    { resource: { resourceType: "Organization", id: "canary-hospital", name: PUBLIC_NAME } },
    ...[patient, ...clinical].map((resource) => ({ resource })),
  ],
});

export const plantedCount: number = 1 + clinical.length;

/** Questions that name the secrets, which must not leave the reader either. */
export const QUESTIONS: readonly string[] = [
  `Patient?name=${text("family")}`,
  `Patient?birthdate=${DAY}`,
  `Patient?identifier=${text("identifier")}`,
  `Observation?code=8480-6&value-quantity=gt${NUMBER - 1}&date=ge${DAY}&_sort=-date`,
  `Observation?code-value-quantity=8480-6$${NUMBER}`,
  `Observation?value-string=${text("value")}`,
  `Observation?_id=${text("words-id")}`,
  `Condition?code=http://${text("system")}.example.org|${text("condition-code")}`,
  `Condition?onset-date=${DAY}`,
  `MedicationRequest?patient=${text("patient-id")}`,
  `Encounter?date=${DAY}`,
];
