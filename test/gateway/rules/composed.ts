import { COMPOSED } from "./composed-data.ts";
import { ofRule, type RuleGroup } from "./rule-case.ts";

/** Chains, reverse chains and inclusions. */
export const JOINS: RuleGroup = {
  name: "chains, _has and inclusions",
  ids: ["m-", "p"],
  resources: COMPOSED,
  cases: [
    ...ofRule("a chained parameter is one of the resource that is pointed to", {
      "Observation?subject:Patient.name=smith": "m-glucose2",
      "Observation?patient.name=peters&code=15074-8": "m-glucose1",
      "Observation?patient.family=peters&code=8893-0": "m-pulse1 m-pulse3",
      "Observation?patient.name:exact=Peters&code=8893-0": "m-pulse1",
      "Observation?patient.identifier=http://hospital.example/mrn|MRN-1&code=15074-8": "m-glucose1",
      "Observation?patient.birthdate=ge1980": "m-glucose2",
      "Observation?patient.gender=male,female&code=15074-8": "m-glucose1 m-glucose2",
      "Observation?patient.gender:not=female&code=15074-8": "m-glucose2",
      "Observation?patient.name=nobody": "",
      "Encounter?participant.family=strange&patient=p1": "m-visit",
      "MedicationRequest?medication.code=860975": "m-order",
      "DiagnosticReport?result.code=15074-8": "m-report",
      "DiagnosticReport?result.patient.name=peters": "m-report",
      "Patient?general-practitioner.family=house": "p2 p3",
      "Patient?organization.name=acme%20hospital": "p1",
    }),
    ...ofRule("without a type, every type that the reference may have and that has the parameter", {
      "Observation?subject.name=smith": "m-glucose2",
      "Observation?performer.name=acme": "m-pulse1 m-pulse3",
      "Observation?performer.name=strange": "m-glucose1",
      "Observation?performer.family=house": "m-glucose2 m-pulse3",
      "Observation?performer:Organization.name=acme": "m-pulse1 m-pulse3",
      "Observation?performer:Practitioner.name=acme": "",
      "Observation?performer._id=m-house": "m-glucose2 m-pulse3",
    }),
    ...ofRule("chains may be of any depth", {
      "Observation?patient.organization.name=small": "m-glucose2",
      "Observation?patient.organization.partof.name=acme%20group&code=15074-8": "m-glucose1",
      "Observation?encounter.service-provider.partof.name=acme": "m-glucose1",
      "Observation?subject:Patient.general-practitioner:Practitioner.family=strange&code=8893-0":
        "m-pulse1 m-pulse3",
      "MedicationRequest?medication.manufacturer.name=small": "m-order",
      "Provenance?target:Observation.patient.name=anna": "m-origin",
    }),
    ...ofRule("each chain is judged on its own: several values may meet one each", {
      "Patient?general-practitioner.family=strange&general-practitioner.family=house": "p3",
      "Observation?performer.family=house&performer.name=acme": "m-pulse3",
      "Observation?patient.name=peters&patient.name=anna&code=8893-0": "m-pulse1",
      "Observation?patient.gender=male&patient.name=peters": "",
    }),
    ...ofRule("modifiers of the last parameter apply to it", {
      "Observation?patient.organization:missing=true&code=8893-0": "m-pulse3",
      "Observation?patient.organization:missing=false&code=8893-0": "m-pulse1",
      "Observation?encounter.status:not=planned": "m-glucose1",
      "Observation?patient.name:contains=son&code=8893-0": "m-pulse3",
    }),
    ...ofRule("_has: what is pointed to by something that meets the condition", {
      "Patient?_has:Observation:patient:code=15074-8": "p1 p2",
      "Patient?_has:Observation:patient:code=http://loinc.org|8893-0": "p1 p3",
      "Patient?_has:Observation:patient:code=15074-8&_has:Observation:patient:code=8893-0": "p1",
      "Patient?_has:Observation:patient:code=15074-8,8894-8": "p1 p2 p3",
      "Patient?_has:Observation:patient:code=0000-0": "",
      "Patient?_has:Encounter:patient:_id=m-visit": "p1",
      "Patient?_has:Observation:patient:date=2020-03-01": "p2",
      "Patient?name=peters&_has:Observation:subject:code=15074-8": "p1",
      "Organization?_has:Patient:organization:gender=male": "m-clinic",
      "Practitioner?_has:Observation:performer:code=8893-0": "m-house",
      "Observation?_has:Provenance:target:recorded=2020-01-02": "m-glucose1",
      "Observation?_has:DiagnosticReport:result:status=final&patient=p1": "m-glucose1",
      "Medication?_has:MedicationRequest:medication:patient=p1": "m-drug",
    }),
    ...ofRule("_has may be nested, and hold chains; a chain may end in one", {
      "Practitioner?_has:Observation:performer:_has:DiagnosticReport:result:status=final":
        "m-strange",
      "Patient?_has:Observation:patient:performer.family=house": "p2 p3",
      "Patient?_has:Observation:patient:_has:Provenance:target:agent=m-strange": "p1",
      "Observation?patient._has:Encounter:patient:_id=m-visit&code=15074-8": "m-glucose1",
      "Organization?_has:Patient:organization:_has:Observation:patient:code=8893-0": "m-acme",
    }),
    ...ofRule("a chain over what is no reference, or to what it cannot point to, is refused", {
      "Observation?code.name=x": "400 not-supported",
      "Observation?patient.nonsense=x": "400 not-supported",
      "Observation?nonsense.name=x": "400 not-supported",
      "Observation?subject:Practitioner.name=x": "400 not-supported",
      "Observation?subject:Nonsense.name=x": "400 not-supported",
      "Observation?patient.birthdate=never": "400 value",
      "Patient?_has:Observation:code:code=1": "400 not-supported",
      "Patient?_has:Nonsense:patient:code=1": "400 not-supported",
      "Patient?_has:Observation:patient=1": "400 not-supported",
      "Patient?_has:Observation:patient:nonsense=1": "400 not-supported",
      "Organization?_has:Observation:patient:code=1": "400 not-supported",
    }),
    ...ofRule("_include: what matches point to, as included", {
      "Observation?_id=m-glucose1&_include=Observation:patient": "m-glucose1 + p1",
      "Observation?_id=m-glucose1&_include=Observation:performer": "m-glucose1 + m-strange",
      "Observation?_id=m-pulse3&_include=Observation:performer": "m-pulse3 + m-house m-acme",
      "Observation?_id=m-pulse3&_include=Observation:performer:Organization": "m-pulse3 + m-acme",
      "Observation?_id=m-glucose1&_include=Observation:patient&_include=Observation:encounter":
        "m-glucose1 + p1 m-visit",
      "Observation?_id=m-glucose1,m-glucose2&_include=Observation:subject":
        "m-glucose1 m-glucose2 + p1 p2",
      "MedicationRequest?_id=m-order&_include=MedicationRequest:medication": "m-order + m-drug",
      "Observation?_id=m-glucose1&_include=Observation:*": "m-glucose1 + p1 m-strange m-visit",
      "Observation?_id=m-glucose1&_include=*": "m-glucose1 + p1 m-strange m-visit",
      "Observation?_id=m-first3&_include=Observation:performer": "m-first3",
      "Observation?_id=m-glucose1&_include=Patient:organization": "m-glucose1",
    }),
    ...ofRule(":iterate: also from what was included, until nothing is new", {
      "Observation?_id=m-glucose1&_include=Observation:patient&_include:iterate=Patient:organization":
        "m-glucose1 + p1 m-acme",
      "Observation?_id=m-glucose1&_include=Observation:patient&_include:iterate=Patient:organization&_include:iterate=Organization:partof":
        "m-glucose1 + p1 m-acme m-group",
      "Observation?_id=m-pulse3&_include:iterate=Observation:derived-from":
        "m-pulse3 + m-source3 m-first3",
      "Observation?_id=m-pulse3&_include=Observation:derived-from": "m-pulse3 + m-source3",
      "Observation?_id=m-glucose1&_include=Observation:patient&_include=Patient:organization":
        "m-glucose1 + p1",
    }),
    ...ofRule("_revinclude: what points to matches", {
      "Observation?_id=m-glucose1&_revinclude=Provenance:target": "m-glucose1 + m-origin",
      "Observation?_id=m-glucose1&_revinclude=DiagnosticReport:result": "m-glucose1 + m-report",
      "Patient?_id=p2&_revinclude=Observation:patient": "p2 + m-glucose2",
      "Patient?_id=p2&_revinclude=Observation:subject&_revinclude=Encounter:patient":
        "p2 + m-glucose2",
      "Organization?_id=m-group&_revinclude=Organization:partof": "m-group + m-acme",
      "Organization?_id=m-group&_revinclude=Organization:partof&_revinclude:iterate=Patient:organization":
        "m-group + m-acme p1",
      "Medication?_id=m-drug&_revinclude=MedicationRequest:medication": "m-drug + m-order",
      "Observation?_id=m-glucose1&_revinclude=Provenance:*": "m-glucose1 + m-origin",
      "Observation?_id=m-glucose2&_revinclude=Provenance:target": "m-glucose2",
    }),
    ...ofRule("what matches is not included again", {
      "Observation?_id=m-pulse3,m-source3&_include=Observation:derived-from":
        "m-pulse3 m-source3 + m-first3",
    }),
    ...ofRule("an inclusion of no reference parameter is refused", {
      "Observation?_include=Observation:code": "400 value",
      "Observation?_include=Nonsense:patient": "400 value",
      "Observation?_include=Observation": "400 value",
      "Observation?_include:recurse=Observation:patient": "400 not-supported",
      "Observation?_revinclude=*": "400 value",
    }),
  ],
};
