import { ofRule, P1, type RuleGroup, type RuleResource } from "./rule-case.ts";

const ICD = "http://hl7.org/fhir/sid/icd-10-cm";
const SNOMED = "http://snomed.info/sct";
const LOCAL = "http://example.org/codes";

const problem = (id: string, why: string, code: object | undefined, more = {}): RuleResource => ({
  why,
  resource: {
    resourceType: "Condition",
    id,
    subject: P1,
    clinicalStatus: status("active"),
    ...(code && { code }),
    ...more,
  },
});
const status = (code: string): object => ({
  coding: [{ system: "http://terminology.hl7.org/CodeSystem/condition-clinical", code }],
});
const coded = (system: string | undefined, code: string, display?: string): object => ({
  coding: [{ ...(system && { system }), code, ...(display && { display }) }],
});
const device = (id: string, why: string, more: object): RuleResource => ({
  why,
  resource: { resourceType: "Device", id, ...more },
});
const MRN = "http://terminology.hl7.org/CodeSystem/v2-0203";

/** Tokens: codes, identifiers, booleans and what stands for them. */
export const TOKENS: RuleGroup = {
  name: "token",
  ids: ["t-", "n-", "v-"],
  resources: [
    problem(
      "t-snomed",
      "a code of a system, with its display",
      coded(SNOMED, "38341003", "Hypertensive disorder"),
    ),
    problem("t-icd", "a code with letters", coded(ICD, "I10", "Essential hypertension")),
    problem("t-lower", "the same letters in lower case, of another system", coded(LOCAL, "i10")),
    problem("t-bare", "a code of no system", coded(undefined, "I10")),
    problem("t-both", "two codings of one concept", {
      coding: [
        { system: SNOMED, code: "59621000" },
        { system: ICD, code: "I10" },
      ],
      text: "High blood pressure",
    }),
    problem("t-text", "a text alone", { text: "Essential tremor" }),
    problem("t-none", "no code at all", undefined),
    problem("t-pipe", "a code that holds the marks of a search", coded(LOCAL, "a|b,c$d")),
    problem("t-longer", "it begins as another code does", coded(ICD, "I10.9")),
    problem("t-over", "another status", coded(SNOMED, "73211009"), {
      clinicalStatus: status("resolved"),
    }),
    device("n-one", "an identifier with its system and type", {
      identifier: [
        {
          system: "http://hospital.example/dev",
          value: "A-17",
          type: coded(MRN, "SNO", "Serial Number"),
        },
      ],
      status: "active",
    }),
    device("n-two", "the same value in another system", {
      identifier: [{ system: "http://elsewhere.example/dev", value: "A-17" }],
      status: "inactive",
    }),
    device("n-bare", "the same value in no system", { identifier: [{ value: "A-17" }] }),
    device("n-many", "two identifiers", {
      identifier: [
        { system: "http://hospital.example/dev", value: "B-1" },
        { system: "http://elsewhere.example/dev", value: "B-2", type: coded(MRN, "MR") },
      ],
      status: "active",
    }),
    device("n-none", "no identifier", { type: coded(SNOMED, "706172005") }),
    {
      why: "a boolean that is true",
      resource: { resourceType: "Practitioner", id: "v-true", active: true, gender: "female" },
    },
    {
      why: "a boolean that is false",
      resource: { resourceType: "Practitioner", id: "v-false", active: false, gender: "male" },
    },
    {
      why: "a boolean that nobody says, and contacts",
      resource: {
        resourceType: "Practitioner",
        id: "v-unsaid",
        telecom: [
          { system: "phone", value: "+1 555 0100" },
          { system: "email", value: "doc@example.org", use: "work" },
        ],
      },
    },
  ],
  cases: [
    ...ofRule("[code]: the value of a code, whatever its system", {
      "Condition?code=38341003": "t-snomed",
      "Condition?code=I10": "t-icd t-lower t-bare t-both",
      "Condition?code=59621000": "t-both",
      "Condition?code=3834100": "",
    }),
    ...ofRule("[system]|[code]: both of one coding", {
      "Condition?code=http://hl7.org/fhir/sid/icd-10-cm|I10": "t-icd t-both",
      "Condition?code=http://snomed.info/sct|I10": "",
      "Condition?code=http://example.org/codes|i10": "t-lower",
      "Condition?code=http%3A%2F%2Fsnomed.info%2Fsct%7C38341003": "t-snomed",
    }),
    ...ofRule("|[code]: a code that has no system", {
      "Condition?code=|I10": "t-bare",
      "Condition?code=|38341003": "",
      "Device?identifier=|A-17": "n-bare",
    }),
    ...ofRule("[system]|: any code of the system", {
      "Condition?code=http://snomed.info/sct|": "t-snomed t-both t-over",
      "Device?identifier=http://hospital.example/dev|": "n-one n-many",
      "Device?identifier=http://nowhere.example|": "",
    }),
    ...ofRule("if in doubt, matching is not sensitive to case", {
      "Condition?code=http://hl7.org/fhir/sid/icd-10-cm|i10": "t-icd t-both",
      "Condition?clinical-status=ACTIVE&code=38341003": "t-snomed",
    }),
    ...ofRule("a comma is OR", {
      "Condition?code=38341003,73211009": "t-snomed t-over",
      "Condition?code=http://snomed.info/sct|38341003,http://example.org/codes|i10":
        "t-snomed t-lower",
      "Condition?code=nothing,I10.9": "t-longer",
    }),
    ...ofRule("a repeated parameter is AND, also over the codings of one concept", {
      "Condition?code=59621000&code=I10": "t-both",
      "Condition?code=38341003&code=I10": "",
      "Condition?code=http://snomed.info/sct|&clinical-status=active": "t-snomed t-both",
    }),
    ...ofRule("a backslash before a comma, a bar or a dollar sign takes its meaning away", {
      "Condition?code=http://example.org/codes|a\\|b\\,c\\$d": "t-pipe",
      "Condition?code=a\\|b\\,c\\$d,73211009": "t-pipe t-over",
      "Condition?code=a%5C%7Cb%5C%2Cc%5C%24d": "t-pipe",
    }),
    ...ofRule(":text: what is displayed or written begins with it", {
      "Condition?code:text=essential": "t-icd t-text",
      "Condition?code:text=High%20blood": "t-both",
      "Condition?code:text=hypertensive%20dis": "t-snomed",
      "Condition?code:text=es": "t-icd t-text",
    }),
    ...ofRule(":not reverses the set: what has no value is in it", {
      "Condition?code:not=I10": "t-snomed t-text t-none t-pipe t-longer t-over",
      "Condition?code:not=http://hl7.org/fhir/sid/icd-10-cm|I10":
        "t-snomed t-lower t-bare t-text t-none t-pipe t-longer t-over",
      "Condition?clinical-status:not=active": "t-over",
      "Condition?code:not=I10,38341003": "t-text t-none t-pipe t-longer t-over",
      "Condition?code:not=I10&code:not=38341003": "t-text t-none t-pipe t-longer t-over",
      "Practitioner?gender:not=male": "v-true v-unsaid",
      "Device?status:not=active": "n-two n-bare n-none",
    }),
    ...ofRule(":missing=true is what has no value, :missing=false what has one", {
      "Condition?code:missing=true": "t-none",
      "Condition?code:missing=false":
        "t-snomed t-icd t-lower t-bare t-both t-text t-pipe t-longer t-over",
      "Device?identifier:missing=true": "n-none",
      "Device?status:missing=false": "n-one n-two n-many",
      "Practitioner?gender:missing=true": "v-unsaid",
    }),
    ...ofRule(":of-type: the type of the identifier and its value", {
      "Device?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SNO|A-17": "n-one",
      "Device?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|A-17": "",
      "Device?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|MR|B-2": "n-many",
    }),
    ...ofRule("an Identifier is compared by its system and value", {
      "Device?identifier=A-17": "n-one n-two n-bare",
      "Device?identifier=http://hospital.example/dev|A-17": "n-one",
      "Device?identifier=http://hospital.example/dev|B-2": "",
      "Device?identifier=B-1,B-2": "n-many",
    }),
    ...ofRule("a boolean is true or false, and neither where nobody says", {
      "Practitioner?active=true&gender=female": "v-true",
      "Practitioner?active=false": "v-false",
      "Practitioner?active=true,false&gender=male": "v-false",
    }),
    ...ofRule("a ContactPoint is compared by its value; email and phone by their system, too", {
      "Practitioner?telecom=doc@example.org": "v-unsaid",
      "Practitioner?email=doc@example.org": "v-unsaid",
      "Practitioner?phone=doc@example.org": "",
      "Practitioner?phone=%2B1%20555%200100": "v-unsaid",
    }),
    ...ofRule("servers refuse modifiers that they do not support", {
      "Condition?code:above=38341003": "400 not-supported",
      "Condition?code:below=38341003": "400 not-supported",
      "Condition?code:in=http://example.org/ValueSet/x": "400 not-supported",
      "Condition?code:not-in=http://example.org/ValueSet/x": "400 not-supported",
      "Condition?code:exact=I10": "400 not-supported",
      "Condition?code:of-type=a|b|c": "400 not-supported",
    }),
    ...ofRule("a value that is no token, or of no boolean, is an error", {
      "Condition?code=a|b|c": "400 value",
      "Condition?code=": "400 value",
      "Condition?code=|": "400 value",
      "Condition?code:missing=maybe": "400 value",
      "Condition?code=38341003,": "400 value",
    }),
  ],
};
