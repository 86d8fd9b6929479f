/** What a search parameter looks at: paths in the JSON of the resource, several meaning any of them. */
export type Parameter =
  | { readonly kind: "token" | "date" | "string"; readonly paths: readonly string[] }
  | { readonly kind: "quantity"; readonly paths: readonly string[] }
  | { readonly kind: "reference"; readonly paths: readonly string[]; readonly only?: string }
  | { readonly kind: "telecom"; readonly paths: readonly string[]; readonly system: string }
  | { readonly kind: "deceased" }
  | {
      readonly kind: "composite";
      /** Where one component stands: "" is the resource itself. */
      readonly within: readonly string[];
      readonly parts: readonly [Parameter, Parameter];
    };

const token = (...paths: string[]): Parameter => ({ kind: "token", paths });
const date = (...paths: string[]): Parameter => ({ kind: "date", paths });
const string = (...paths: string[]): Parameter => ({ kind: "string", paths });
const quantity = (...paths: string[]): Parameter => ({ kind: "quantity", paths });
const reference = (...paths: string[]): Parameter => ({ kind: "reference", paths });
const patient = (...paths: string[]): Parameter => ({ kind: "reference", paths, only: "Patient" });
const composite = (within: readonly string[], one: Parameter, two: Parameter): Parameter => ({
  kind: "composite",
  within,
  parts: [one, two],
});

const identified = { identifier: token("identifier") };
const ofSubject = { ...identified, patient: patient("subject"), subject: reference("subject") };
const inEncounter = { ...ofSubject, encounter: reference("encounter") };

const NAME = ["name.text", "name.family", "name.given", "name.prefix", "name.suffix"];
const ADDRESS = ["line", "city", "district", "state", "postalCode", "country", "text"];
const code = token("code");
const status = token("status");
const number = quantity("valueQuantity");
const concept = token("valueCodeableConcept");

/** FHIR R4 search parameters, written from the definitions, for the types of the shared records. */
export const PARAMETERS: Readonly<Record<string, Readonly<Record<string, Parameter>>>> = {
  Patient: {
    active: token("active"),
    address: string(...ADDRESS.map((field) => `address.${field}`)),
    "address-city": string("address.city"),
    "address-country": string("address.country"),
    "address-postalcode": string("address.postalCode"),
    "address-state": string("address.state"),
    birthdate: date("birthDate"),
    "death-date": date("deceasedDateTime"),
    deceased: { kind: "deceased" },
    family: string("name.family"),
    gender: token("gender"),
    given: string("name.given"),
    identifier: token("identifier"),
    language: token("communication.language"),
    name: string(...NAME),
    phone: { kind: "telecom", paths: ["telecom"], system: "phone" },
    telecom: token("telecom"),
  },
  Encounter: {
    class: token("class"),
    date: date("period"),
    participant: reference("participant.individual"),
    patient: patient("subject"),
    "reason-code": token("reasonCode"),
    "service-provider": reference("serviceProvider"),
    status,
    subject: reference("subject"),
    type: token("type"),
  },
  Condition: {
    ...inEncounter,
    code,
    "abatement-date": date("abatementDateTime", "abatementPeriod"),
    "clinical-status": token("clinicalStatus"),
    "onset-date": date("onsetDateTime", "onsetPeriod"),
    "recorded-date": date("recordedDate"),
    "verification-status": token("verificationStatus"),
  },
  Observation: {
    ...inEncounter,
    code,
    status,
    category: token("category"),
    date: date("effectiveDateTime", "effectivePeriod", "effectiveInstant"),
    "value-quantity": number,
    "value-concept": concept,
    "value-string": string("valueString", "valueCodeableConcept.text"),
    "component-code": token("component.code"),
    "component-value-quantity": quantity("component.valueQuantity"),
    "combo-code": token("code", "component.code"),
    "combo-value-quantity": quantity("valueQuantity", "component.valueQuantity"),
    "code-value-quantity": composite([""], code, number),
    "code-value-concept": composite([""], code, concept),
    "code-value-string": composite([""], code, string("valueString")),
    "component-code-value-quantity": composite(["component"], code, number),
    "combo-code-value-quantity": composite(["", "component"], code, number),
  },
  MedicationRequest: {
    ...inEncounter,
    status,
    authoredon: date("authoredOn"),
    code: token("medicationCodeableConcept"),
    intent: token("intent"),
    requester: reference("requester"),
  },
  Procedure: {
    ...inEncounter,
    code,
    status,
    date: date("performedDateTime", "performedPeriod"),
    "reason-reference": reference("reasonReference"),
  },
  Immunization: {
    ...identified,
    status,
    date: date("occurrenceDateTime"),
    patient: patient("patient"),
    "vaccine-code": token("vaccineCode"),
  },
  DiagnosticReport: {
    ...inEncounter,
    code,
    status,
    category: token("category"),
    date: date("effectiveDateTime", "effectivePeriod"),
    issued: date("issued"),
    result: reference("result"),
  },
  AllergyIntolerance: {
    ...identified,
    category: token("category"),
    "clinical-status": token("clinicalStatus"),
    code: token("code", "reaction.substance"),
    criticality: token("criticality"),
    date: date("recordedDate"),
    patient: patient("patient"),
    type: token("type"),
    "verification-status": token("verificationStatus"),
  },
  CarePlan: {
    ...inEncounter,
    status,
    "activity-code": token("activity.detail.code"),
    category: token("category"),
    condition: reference("addresses"),
    date: date("period"),
    goal: reference("goal"),
    intent: token("intent"),
  },
  Goal: {
    "achievement-status": token("achievementStatus"),
    "lifecycle-status": token("lifecycleStatus"),
    patient: patient("subject"),
    subject: reference("subject"),
  },
  ImagingStudy: {
    ...inEncounter,
    status,
    bodysite: token("series.bodySite"),
    "dicom-class": token("series.instance.sopClass"),
    instance: token("series.instance.uid"),
    modality: token("series.modality"),
    series: token("series.uid"),
    started: date("started"),
  },
};
