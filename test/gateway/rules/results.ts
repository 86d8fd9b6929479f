import { ofRule, P1, type RuleGroup, type RuleResource } from "./rule-case.ts";

const given = (id: string, why: string, more: object): RuleResource => ({
  why,
  resource: {
    resourceType: "Immunization",
    id,
    patient: P1,
    vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "140" }] },
    ...more,
  },
});

/** Order and number of matches, and what is refused or left out. */
export const RESULTS: RuleGroup = {
  name: "results and errors",
  ids: ["k-"],
  resources: [
    given("k-1", "the last", {
      status: "completed",
      occurrenceDateTime: "2020-03-01",
      lotNumber: "beta",
    }),
    given("k-2", "the first", {
      status: "not-done",
      occurrenceDateTime: "2020-01-01",
      lotNumber: "Alpha",
      vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "08" }] },
    }),
    given("k-3", "between them, without a lot", {
      status: "completed",
      occurrenceDateTime: "2020-02-01",
    }),
    given("k-4", "a month that begins as that one does", {
      status: "completed",
      occurrenceDateTime: "2020-02",
      lotNumber: "gamma",
    }),
    given("k-5", "no date", {
      status: "entered-in-error",
      occurrenceString: "long ago",
      lotNumber: "délta",
    }),
  ],
  cases: [
    ...ofRule("_sort: ascending by a parameter; what has no value stands last; ties by id", {
      "Immunization?_sort=date": "> k-2 k-3 k-4 k-1 k-5",
      "Immunization?_sort=status,date": "> k-3 k-4 k-1 k-5 k-2",
      "Immunization?_sort=lot-number": "> k-2 k-1 k-5 k-4 k-3",
      "Immunization?_sort=vaccine-code,-date": "> k-2 k-1 k-3 k-4 k-5",
      "Immunization?_sort=_id": "> k-1 k-2 k-3 k-4 k-5",
      "Immunization?_sort=patient,_id": "> k-1 k-2 k-3 k-4 k-5",
      "Immunization?status=completed&_sort=date": "> k-3 k-4 k-1",
    }),
    ...ofRule("_sort: a minus sign in front makes it descend", {
      "Immunization?_sort=-date": "> k-1 k-3 k-4 k-2 k-5",
      "Immunization?_sort=-_id": "> k-5 k-4 k-3 k-2 k-1",
      "Immunization?_sort=-lot-number": "> k-4 k-5 k-1 k-2 k-3",
      "Immunization?_sort=-status,-date": "> k-2 k-5 k-1 k-3 k-4",
      "Immunization?_sort=status,-_id": "> k-4 k-3 k-1 k-5 k-2",
    }),
    ...ofRule("_sort by what cannot be sorted by is an error", {
      "Immunization?_sort=nonsense": "400 not-supported",
      "Observation?_sort=code-value-quantity": "400 not-supported",
      "Immunization?_sort=date&_sort=status": "400 value",
    }),
    ...ofRule("_count: never more than that on a page", {
      "Immunization?_sort=date&_count=1": "> k-2",
      "Immunization?_sort=date&_count=2": "> k-2 k-3",
      "Immunization?_sort=-date&_count=3": "> k-1 k-3 k-4",
      "Immunization?_sort=date&_count=5": "> k-2 k-3 k-4 k-1 k-5",
      "Immunization?_sort=date&_count=9999": "> k-2 k-3 k-4 k-1 k-5",
      "Immunization?_count=0": "",
      "Immunization?_summary=count": "",
      "Immunization?_count=-1": "400 value",
      "Immunization?_count=many": "400 value",
      "Immunization?_count=1&_count=2": "400 value",
    }),
    ...ofRule("_id and _lastUpdated are parameters of every resource", {
      "Immunization?_id=k-1": "k-1",
      "Immunization?_id=k-1,k-3": "k-1 k-3",
      "Immunization?_id=k-1&_id=k-3": "",
      "Immunization?_id=k-9": "",
      "Immunization?_lastUpdated=gt2020&_id=k-2": "k-2",
      "Immunization?_lastUpdated=lt2020": "",
      "Immunization?_id:exact=k-1": "400 not-supported",
    }),
    ...ofRule("an unknown parameter is refused, unless handling is lenient", {
      "Immunization?nonsense=1": "400 not-supported",
      "Immunization?Date=2020": "400 not-supported",
      "Immunization?gender=male": "400 not-supported",
      "Immunization?_nonsense=1": "400 not-supported",
    }),
    ...["nonsense=1", "_text=ago", "patient.nonsense=1", "_list=42"].map((part) => ({
      query: `Immunization?_id=k-1,k-2&${part}`,
      expected: "k-1 k-2",
      rule: "lenient handling leaves out what is unknown or unsupported, and says so",
      lenient: true as const,
    })),
    ...["status:above=completed", "date=never", "_id=", "_sort:x=date"].map((part) => ({
      query: `Immunization?_id=k-1,k-2&${part}`,
      expected: part.includes("=never") || part.endsWith("=") ? "400 value" : "400 not-supported",
      rule: "modifiers and values that cannot be read are refused in any case",
      lenient: true as const,
    })),
    ...ofRule("what is not supported is refused, and never silently left out", {
      "Immunization?_text=ago": "400 not-supported",
      "Immunization?_content=ago": "400 not-supported",
      "Immunization?_filter=date%20gt%202020": "400 not-supported",
      "Immunization?_query=current": "400 not-supported",
      "Immunization?_list=42": "400 not-supported",
      "Immunization?_contained=true": "400 not-supported",
      "Immunization?_total=maybe": "400 value",
      "Immunization?_summary=some": "400 value",
      "Immunization?_elements=": "400 value",
      "Immunization?date:exact=2020": "400 not-supported",
      "Immunization?lot-number=%E0%A4%A": "400 invalid",
    }),
    ...ofRule("a compartment holds what names its patient", {
      "Patient/p1/Immunization": "k-1 k-2 k-3 k-4 k-5",
      "Patient/p1/Immunization?status=completed": "k-1 k-3 k-4",
      "Patient/p2/Immunization": "",
      "Patient/p1/Immunization?_sort=-date&_count=2": "> k-1 k-3",
      "Patient/p1/*?_type:x=1": "400 not-supported",
      "Patient/p1/Organization": "404 not-supported",
    }),
  ],
};
