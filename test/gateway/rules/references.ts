import { loinc, ofRule, P1, type RuleGroup, type RuleResource } from "./rule-case.ts";

const seen = (id: string, why: string, more: object): RuleResource => ({
  why,
  resource: {
    resourceType: "Observation",
    id,
    status: "final",
    code: loinc("8302-2"),
    subject: P1,
    ...more,
  },
});

/** References in all their forms, and composites. */
export const REFERENCES: RuleGroup = {
  name: "reference and composite",
  ids: ["f-", "c-"],
  resources: [
    seen("f-relative", "a relative reference", { performer: [{ reference: "Practitioner/x1" }] }),
    seen("f-absolute", "the same on another server", {
      performer: [{ reference: "https://elsewhere.example/fhir/Practitioner/x1" }],
    }),
    seen("f-version", "a version of it", {
      performer: [{ reference: "Practitioner/x1/_history/2" }],
    }),
    seen("f-organization", "the same id, another type", {
      performer: [{ reference: "Organization/x1" }],
    }),
    seen("f-logical", "an identifier in the place of a reference", {
      performer: [{ identifier: { system: "http://npi.example", value: "777" } }],
    }),
    seen("f-several", "two of them", {
      performer: [{ reference: "Practitioner/x2" }, { reference: "Organization/x3" }],
    }),
    seen("f-group", "of no patient", { subject: { reference: "Group/p1" } }),
    seen("c-high", "a number under its code", {
      code: loinc("29463-7"),
      valueQuantity: { value: 90, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
    }),
    seen("c-low", "a lower one", {
      code: loinc("29463-7"),
      valueQuantity: { value: 60, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
    }),
    seen("c-other", "the higher number under another code", {
      code: loinc("3141-0"),
      valueQuantity: { value: 90, unit: "kg", system: "http://unitsofmeasure.org", code: "kg" },
    }),
    seen("c-pressure", "two components", {
      code: loinc("85354-9"),
      component: [
        { code: loinc("8480-6"), valueQuantity: { value: 150, unit: "mmHg" } },
        { code: loinc("8462-4"), valueQuantity: { value: 80, unit: "mmHg" } },
      ],
    }),
    seen("c-crossed", "the same numbers the other way round", {
      code: loinc("85354-9"),
      component: [
        { code: loinc("8480-6"), valueQuantity: { value: 80, unit: "mmHg" } },
        { code: loinc("8462-4"), valueQuantity: { value: 150, unit: "mmHg" } },
      ],
    }),
    seen("c-concept", "a coded value", {
      code: loinc("72166-2"),
      valueCodeableConcept: { coding: [{ system: "http://snomed.info/sct", code: "266919005" }] },
    }),
    seen("c-date", "a date as value", { code: loinc("8665-2"), valueDateTime: "2021-05-06" }),
    seen("c-string", "a text as value", { code: loinc("8251-1"), valueString: "Felt well" }),
  ],
  cases: [
    ...ofRule(
      "[id]: whatever its type; [type]/[id]; and absolute, versioned: all the same resource",
      {
        "Observation?performer=x1": "f-relative f-absolute f-version f-organization",
        "Observation?performer=Practitioner/x1": "f-relative f-absolute f-version",
        "Observation?performer=Organization/x1": "f-organization",
        "Observation?performer=https://elsewhere.example/fhir/Practitioner/x1":
          "f-relative f-absolute f-version",
        "Observation?performer=x9": "",
      },
    ),
    ...ofRule(":[type]: the type of what is pointed to", {
      "Observation?performer:Practitioner=x1": "f-relative f-absolute f-version",
      "Observation?performer:Organization=x1": "f-organization",
      "Observation?subject:Group=p1&code=8302-2": "f-group",
      "Observation?performer:Nonsense=x1": "400 not-supported",
    }),
    ...ofRule(":identifier: the identifier of what is pointed to", {
      "Observation?performer:identifier=http://npi.example|777": "f-logical",
      "Observation?performer:identifier=777": "f-logical",
      "Observation?performer:identifier=http://other.example|777": "",
    }),
    ...ofRule("a comma is OR, a repeated parameter AND", {
      "Observation?performer=Practitioner/x1,Organization/x3":
        "f-relative f-absolute f-version f-several",
      "Observation?performer=Practitioner/x2&performer=Organization/x3": "f-several",
      "Observation?performer=Practitioner/x1&performer=Organization/x3": "",
      "Observation?subject=Group/p1": "f-group",
      "Observation?patient=Group/p1": "",
      "Observation?patient=p2": "",
      "Observation?patient=p1&performer=x2": "f-several",
    }),
    ...ofRule(":missing", {
      "Observation?performer:missing=true&subject=Group/p1": "f-group",
      "Observation?performer:missing=false":
        "f-relative f-absolute f-version f-organization f-logical f-several",
    }),
    ...ofRule("composite: both parts of one element, each by the rules of its type", {
      "Observation?code-value-quantity=29463-7$gt80": "c-high",
      "Observation?code-value-quantity=29463-7$90": "c-high",
      "Observation?code-value-quantity=29463-7$le90": "c-high c-low",
      "Observation?code-value-quantity=http://loinc.org|29463-7$gt80|http://unitsofmeasure.org|kg":
        "c-high",
      "Observation?code-value-quantity=29463-7$gt80000||g": "",
      "Observation?code-value-quantity=29463-7$gt80000|http://unitsofmeasure.org|g": "c-high",
      "Observation?code-value-quantity=29463-7$lt70,3141-0$gt80": "c-low c-other",
      "Observation?code-value-quantity=29463-7$gt50&code-value-quantity=29463-7$lt70": "c-low",
      "Observation?component-code-value-quantity=8480-6$gt140": "c-pressure",
      "Observation?component-code-value-quantity=8462-4$gt140": "c-crossed",
      "Observation?component-code-value-quantity=8480-6$150&component-code-value-quantity=8462-4$80":
        "c-pressure",
      "Observation?combo-code-value-quantity=8480-6$ge80": "c-pressure c-crossed",
      "Observation?combo-code-value-quantity=29463-7$90,8462-4$80": "c-high c-pressure",
      "Observation?code-value-concept=72166-2$266919005": "c-concept",
      "Observation?code-value-concept=72166-2$http://snomed.info/sct|266919005": "c-concept",
      "Observation?code-value-concept=72166-2$77176002": "",
      "Observation?code-value-date=8665-2$2021-05-06": "c-date",
      "Observation?code-value-date=8665-2$gt2021-05": "",
      "Observation?code-value-date=8665-2$2021": "c-date",
      "Observation?code-value-string=8251-1$felt": "c-string",
      "Observation?combo-code=8480-6": "c-pressure c-crossed",
      "Observation?combo-code=29463-7,8462-4": "c-high c-low c-pressure c-crossed",
      "Observation?component-code=8480-6&combo-value-quantity=150": "c-pressure c-crossed",
    }),
    ...ofRule("a composite without its two parts is an error", {
      "Observation?code-value-quantity=29463-7": "400 value",
      "Observation?code-value-quantity=29463-7$": "400 value",
      "Observation?code-value-quantity=$gt80": "400 value",
      "Observation?code-value-quantity=29463-7$much": "400 value",
      "Observation?code-value-quantity:exact=29463-7$90": "400 not-supported",
    }),
  ],
};
