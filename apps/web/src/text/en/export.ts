export const exporting = {
  lead: "Your record is yours: take all of it, or a summary for a doctor who does not know you.",
  all: {
    title: "Everything",
    lead: "Every record of every hospital, as one FHIR file. Other systems can read it; so can whoever finds it. It is no longer sealed.",
    action: "Save everything",
    progress: (count: string) => `${count} records so far`,
    done: (count: string) => `${count} records are in the file.`,
  },
  summary: {
    title: "Summary for a doctor",
    lead: "What somebody must know who treats you: allergies, medications, problems, and the newest results. An International Patient Summary.",
    open: "Make the summary",
    heading: "Patient summary",
    of: (name: string, born: string) => (born === "" ? name : `${name}, born ${born}`),
    made: (date: string) => `Made on ${date} from the patient's own record with Salus`,
    print: "Print",
    pdf: "Save as PDF",
    fhir: "Save as FHIR document",
    notInPdf:
      "This summary has letters that our PDF cannot show. Print it instead: your browser can save that as PDF.",
    unknown: "No information. This does not mean that there is none.",
    waiting: "what belongs into a summary",
  },
  sections: {
    allergies: "Allergies and intolerances",
    medications: "Medications",
    problems: "Problems",
    immunizations: "Immunizations",
    procedures: "Procedures",
    devices: "Devices",
    results: "Results",
    vitals: "Vital signs",
  },
  silent: (names: string) =>
    `Not everybody answered: what ${names} wrote may be missing. Try again later for the whole.`,
  somebody: "a hospital",
  page: (page: number, pages: number) => `Page ${page} of ${pages}`,
};
