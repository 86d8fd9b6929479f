/** What records are about, as people say it. */
export const category = {
  names: {
    vitals: "Vital signs",
    laboratory: "Laboratory results",
    conditions: "Problems and diagnoses",
    medications: "Medicines",
    allergies: "Allergies",
    immunizations: "Vaccinations",
    encounters: "Visits",
    procedures: "Procedures",
    documents: "Documents",
    imaging: "Images",
    "care-plans": "Care plans",
    administrative: "Administrative",
    "mental-health": "Mental health",
    "sexual-health": "Sexual health",
    genetics: "Genetics",
    "substance-use": "Alcohol and drugs",
  },
  sensitive: "sensitive",
};
