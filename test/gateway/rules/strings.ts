import { ofRule, P1, type RuleGroup, type RuleResource } from "./rule-case.ts";

const doctor = (id: string, why: string, more: object): RuleResource => ({
  why,
  resource: { resourceType: "Practitioner", id, ...more },
});
const plan = (id: string, why: string, more: object): RuleResource => ({
  why,
  resource: {
    resourceType: "CarePlan",
    id,
    status: "active",
    intent: "plan",
    subject: P1,
    ...more,
  },
});

/** Strings, and uris beside them. */
export const STRINGS: RuleGroup = {
  name: "string and uri",
  ids: ["s-", "u-"],
  resources: [
    doctor("s-eve", "a short name", { name: [{ family: "Eve", given: ["Anna"] }] }),
    doctor("s-evelyn", "it begins with the short one", {
      name: [{ family: "Evelyn", given: ["Bo", "Anna"] }],
    }),
    doctor("s-severine", "it holds the short one, and does not begin with it", {
      name: [{ family: "Severine", given: ["Ann-Marie"] }],
    }),
    doctor("s-accent", "accents", { name: [{ family: "Évènement", given: ["Zoë"] }] }),
    doctor("s-upper", "capitals", { name: [{ family: "EVERS", text: "Dr. Everett Evers" }] }),
    doctor("s-comma", "marks of a search", { name: [{ family: "O'Neil, Jr.|x" }] }),
    doctor("s-two", "two names", {
      name: [{ family: "Smith" }, { family: "Jones", use: "maiden" }],
    }),
    doctor("s-none", "no name", { gender: "other" }),
    doctor("s-street", "an address", {
      address: [
        {
          line: ["12 Rue de l'Été"],
          city: "Genève",
          postalCode: "1201",
          country: "CH",
          state: "GE",
          use: "work",
        },
      ],
    }),
    doctor("s-sharp", "letters that fold to two", { name: [{ family: "Weiß" }] }),
    plan("u-one", "a uri", { instantiatesUri: ["http://example.org/protocols/one"] }),
    plan("u-below", "a uri below it", {
      instantiatesUri: ["http://example.org/protocols/one/two"],
    }),
    plan("u-case", "a uri in other letters", {
      instantiatesUri: ["http://example.org/Protocols/One"],
    }),
    plan("u-urn", "a urn", { instantiatesUri: ["urn:oid:1.2.3.4.5"] }),
    plan("u-tag", "tags and profiles of its meta", {
      meta: {
        tag: [{ system: "http://example.org/tags", code: "checked" }],
        profile: ["http://example.org/StructureDefinition/plan"],
        security: [
          { system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code: "N" },
        ],
      },
    }),
  ],
  cases: [
    ...ofRule("a field matches if it equals or starts with the value, whatever the case", {
      "Practitioner?family=eve": "s-eve s-evelyn s-accent s-upper",
      "Practitioner?family=EVE": "s-eve s-evelyn s-accent s-upper",
      "Practitioner?family=Evelyn": "s-evelyn",
      "Practitioner?family=everine": "",
      "Practitioner?family=e": "s-eve s-evelyn s-accent s-upper",
      "Practitioner?given=ann": "s-eve s-evelyn s-severine",
      "Practitioner?given=anna": "s-eve s-evelyn",
      "Practitioner?given=marie": "",
    }),
    ...ofRule("accents and other diacritics are ignored", {
      "Practitioner?family=evenement": "s-accent",
      "Practitioner?family=%C3%89v%C3%A8nement": "s-accent",
      "Practitioner?family=e%CC%81ve": "s-eve s-evelyn s-accent s-upper",
      "Practitioner?given=zoe": "s-accent",
      "Practitioner?address-city=geneve": "s-street",
    }),
    ...ofRule(":contains: anywhere in the field", {
      "Practitioner?family:contains=eve": "s-eve s-evelyn s-severine s-accent s-upper",
      "Practitioner?family:contains=LYN": "s-evelyn",
      "Practitioner?given:contains=marie": "s-severine",
      "Practitioner?family:contains=nothing": "",
    }),
    ...ofRule(":exact: the entire string, with case and accents", {
      "Practitioner?family:exact=Eve": "s-eve",
      "Practitioner?family:exact=eve": "",
      "Practitioner?family:exact=EVERS": "s-upper",
      "Practitioner?family:exact=%C3%89v%C3%A8nement": "s-accent",
      "Practitioner?family:exact=Evenement": "",
    }),
    ...ofRule("name: any of the string fields of a HumanName", {
      "Practitioner?name=everett": "",
      "Practitioner?name=dr.%20ever": "s-upper",
      "Practitioner?name=anna": "s-eve s-evelyn",
      "Practitioner?name=jones": "s-two",
      "Practitioner?name:exact=Smith": "s-two",
    }),
    ...ofRule("address: any of the string fields of an Address", {
      "Practitioner?address=genev": "s-street",
      "Practitioner?address=12%20rue": "s-street",
      "Practitioner?address=1201": "s-street",
      "Practitioner?address-postalcode=1201": "s-street",
      "Practitioner?address-country=ch": "s-street",
      "Practitioner?address-state=GE&address-city=gen": "s-street",
      "Practitioner?address-city=rue": "",
    }),
    ...ofRule(
      "a comma is OR, a repeated parameter AND, and a backslash takes a comma's meaning away",
      {
        "Practitioner?family=smith,severine": "s-two s-severine",
        "Practitioner?family=smith&family=jones": "s-two",
        "Practitioner?family=smith&given=anna": "",
        "Practitioner?family=eve&given=anna": "s-eve s-evelyn",
        "Practitioner?family=o'neil\\,": "s-comma",
        "Practitioner?family:exact=O'Neil\\, Jr.\\|x": "s-comma",
        "Practitioner?family=o'neil,smith": "s-comma s-two",
      },
    ),
    ...ofRule(":missing", {
      "Practitioner?family:missing=true&gender=other": "s-none",
      "Practitioner?address:missing=false": "s-street",
    }),
    ...ofRule("an empty value is an error, and so is a modifier of another type", {
      "Practitioner?family=": "400 value",
      "Practitioner?family:not=eve": "400 not-supported",
      "Practitioner?family:text=eve": "400 not-supported",
      "Practitioner?family:Patient=eve": "400 not-supported",
    }),
    ...ofRule("a uri is compared as a whole, with its case", {
      "CarePlan?instantiates-uri=http://example.org/protocols/one": "u-one",
      "CarePlan?instantiates-uri=http://example.org/protocols/One": "",
      "CarePlan?instantiates-uri=http://example.org/Protocols/One": "u-case",
      "CarePlan?instantiates-uri=http://example.org/protocols": "",
      "CarePlan?instantiates-uri=urn:oid:1.2.3.4.5": "u-urn",
      "CarePlan?instantiates-uri=urn:oid:1.2.3.4.5,http://example.org/protocols/one": "u-one u-urn",
      "CarePlan?instantiates-uri:missing=true": "u-tag",
    }),
    ...ofRule("_tag, _profile and _security are parameters of every resource", {
      "CarePlan?_tag=checked": "u-tag",
      "CarePlan?_tag=http://example.org/tags|checked": "u-tag",
      "CarePlan?_tag=http://example.org/other|checked": "",
      "CarePlan?_profile=http://example.org/StructureDefinition/plan": "u-tag",
      "CarePlan?_security=http://terminology.hl7.org/CodeSystem/v3-Confidentiality|N": "u-tag",
      "CarePlan?_tag:not=checked": "u-one u-below u-case u-urn",
    }),
  ],
};
