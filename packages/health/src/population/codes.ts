import { LOINC, SNOMED } from "../systems.ts";

/** A concept as a coding carries it. */
export interface Concept {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

const ICD10 = "http://hl7.org/fhir/sid/icd-10-cm";
const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
const CVX = "http://hl7.org/fhir/sid/cvx";
const TERMINOLOGY = "http://terminology.hl7.org/CodeSystem";

export const loinc = (code: string, display: string): Concept => ({ system: LOINC, code, display });
export const snomed = (code: string, display: string): Concept => ({
  system: SNOMED,
  code,
  display,
});
export const terminology = (system: string, code: string, display: string): Concept => ({
  system: `${TERMINOLOGY}/${system}`,
  code,
  display,
});
const rxnorm = (code: string, display: string): Concept => ({ system: RXNORM, code, display });
const cvx = (code: string, display: string): Concept => ({ system: CVX, code, display });

/** A problem that lasts, or that comes and goes. */
export interface Problem {
  readonly concept: Concept;
  readonly icd10: Concept;
}

function problem(code: string, display: string, icd: string, icdDisplay: string): Problem {
  return {
    concept: snomed(code, display),
    icd10: { system: ICD10, code: icd, display: icdDisplay },
  };
}

export type ProblemName =
  | "hypertension"
  | "diabetes"
  | "kidney"
  | "lipids"
  | "asthma"
  | "thyroid"
  | "anaemia"
  | "fibrillation"
  | "knee"
  | "depression"
  | "alcohol"
  | "hiv"
  | "pregnancy";

export const PROBLEMS: Readonly<Record<ProblemName, Problem>> = {
  hypertension: problem("59621000", "Essential hypertension", "I10", "Essential hypertension"),
  diabetes: problem("44054006", "Type 2 diabetes mellitus", "E11.9", "Type 2 diabetes mellitus"),
  kidney: problem(
    "433144002",
    "Chronic kidney disease stage 3",
    "N18.30",
    "Chronic kidney disease, stage 3 unspecified",
  ),
  lipids: problem("55822004", "Hyperlipidemia", "E78.5", "Hyperlipidemia, unspecified"),
  asthma: problem("195967001", "Asthma", "J45.909", "Unspecified asthma, uncomplicated"),
  thyroid: problem("40930008", "Hypothyroidism", "E03.9", "Hypothyroidism, unspecified"),
  anaemia: problem(
    "87522002",
    "Iron deficiency anemia",
    "D50.9",
    "Iron deficiency anemia, unspecified",
  ),
  fibrillation: problem(
    "49436004",
    "Atrial fibrillation",
    "I48.91",
    "Unspecified atrial fibrillation",
  ),
  knee: problem("239873007", "Osteoarthritis of knee", "M17.9", "Osteoarthritis of knee"),
  depression: problem("370143000", "Major depressive disorder", "F32.9", "Major depression"),
  alcohol: problem("66590003", "Alcohol dependence", "F10.20", "Alcohol dependence"),
  hiv: problem("86406008", "Human immunodeficiency virus infection", "B20", "HIV disease"),
  pregnancy: problem("77386006", "Pregnancy", "Z33.1", "Pregnant state, incidental"),
};

/** What brings people in for a week. */
export const ACUTE: readonly Problem[] = [
  problem("54150009", "Upper respiratory infection", "J06.9", "Acute upper respiratory infection"),
  problem("68566005", "Urinary tract infectious disease", "N39.0", "Urinary tract infection"),
  problem("44465007", "Sprain of ankle", "S93.409A", "Sprain of unspecified ankle ligament"),
  problem("65363002", "Otitis media", "H66.90", "Otitis media, unspecified"),
  problem("279039007", "Low back pain", "M54.50", "Low back pain, unspecified"),
  problem("25374005", "Gastroenteritis", "K52.9", "Noninfective gastroenteritis"),
  problem("65966004", "Fracture of forearm", "S52.90XA", "Fracture of unspecified forearm"),
];

/** What is given for a lasting problem, in the order of escalation. */
export const MEDICINES: Readonly<Partial<Record<ProblemName, readonly Concept[]>>> = {
  hypertension: [
    rxnorm("314076", "lisinopril 10 MG Oral Tablet"),
    rxnorm("197361", "amlodipine 5 MG Oral Tablet"),
  ],
  diabetes: [
    rxnorm("861007", "metformin hydrochloride 500 MG Oral Tablet"),
    rxnorm("311041", "insulin glargine 100 UNT/ML Injectable Solution"),
  ],
  kidney: [rxnorm("979492", "losartan potassium 50 MG Oral Tablet")],
  lipids: [rxnorm("617310", "atorvastatin 20 MG Oral Tablet")],
  asthma: [rxnorm("745679", "200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler")],
  thyroid: [rxnorm("966222", "levothyroxine sodium 0.05 MG Oral Tablet")],
  anaemia: [rxnorm("310325", "ferrous sulfate 325 MG Oral Tablet")],
  fibrillation: [rxnorm("1364445", "apixaban 5 MG Oral Tablet")],
  knee: [rxnorm("197805", "ibuprofen 400 MG Oral Tablet")],
  depression: [rxnorm("312941", "sertraline 50 MG Oral Tablet")],
  alcohol: [rxnorm("1483744", "naltrexone hydrochloride 50 MG Oral Tablet")],
  hiv: [rxnorm("1433873", "dolutegravir 50 MG Oral Tablet")],
};

export const ANTIBIOTIC: Concept = rxnorm("308191", "amoxicillin 500 MG Oral Capsule");

export const ALLERGIES: readonly (Concept & { readonly category: string })[] = [
  { ...snomed("91936005", "Allergy to penicillin"), category: "medication" },
  { ...snomed("91939003", "Allergy to sulfonamide"), category: "medication" },
  { ...snomed("91935009", "Allergy to peanut"), category: "food" },
  { ...snomed("300913006", "Allergy to shellfish"), category: "food" },
  { ...snomed("300916003", "Allergy to latex"), category: "environment" },
  { ...snomed("424213003", "Allergy to bee venom"), category: "environment" },
];

export const VACCINES: Readonly<
  Record<"influenza" | "tetanus" | "pneumococcal" | "zoster" | "covid" | "measles", Concept>
> = {
  influenza: cvx("150", "Influenza, injectable, quadrivalent, preservative free"),
  tetanus: cvx("115", "Tdap"),
  pneumococcal: cvx("33", "pneumococcal polysaccharide PPV23"),
  zoster: cvx("187", "zoster recombinant"),
  covid: cvx("208", "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose"),
  measles: cvx("03", "MMR"),
};

export const PROCEDURES: Readonly<
  Record<"electrocardiogram" | "colonoscopy" | "spirometry" | "image" | "birth", Concept>
> = {
  electrocardiogram: snomed("29303009", "Electrocardiographic procedure"),
  colonoscopy: snomed("73761001", "Colonoscopy"),
  spirometry: snomed("127783003", "Spirometry"),
  image: snomed("168537006", "Plain radiography"),
  birth: snomed("66348005", "Childbirth"),
};

export const NOTES: Readonly<Record<"progress" | "discharge", Concept>> = {
  progress: loinc("11506-3", "Progress note"),
  discharge: loinc("18842-5", "Discharge summary"),
};
