/**
 * One row of spec/policy.md §6.1: how finely the number of a coded quantity is indexed. A step is
 * half a unit of the last digit that laboratories report, so that `eq`, which asks for half a unit
 * to both sides, falls on edges; what is nearer than that has no order in the index.
 */
export interface Step {
  readonly code: string;
  readonly what: string;
  /** UCUM; what the step was chosen for. The number is taken as written, whatever its unit. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** A vital sign: R4's vital-signs profiles fix its dimension. */
  readonly vital: boolean;
}

type Row = readonly [code: string, what: string, unit: string, max: number, step: number];

/** LOINC codes that R4's vital-signs profiles name. */
const VITALS: readonly Row[] = [
  ["8480-6", "systolic blood pressure", "mm[Hg]", 400, 0.5],
  ["8462-4", "diastolic blood pressure", "mm[Hg]", 400, 0.5],
  ["8478-0", "mean blood pressure", "mm[Hg]", 400, 0.5],
  ["8867-4", "heart rate", "/min", 500, 0.5],
  ["9279-1", "respiratory rate", "/min", 200, 0.5],
  ["8310-5", "body temperature", "Cel", 150, 0.05],
  ["29463-7", "body weight", "kg", 1500, 0.05],
  ["3141-9", "body weight, measured", "kg", 1500, 0.05],
  ["8302-2", "body height", "cm", 300, 0.05],
  ["8306-3", "body height, lying", "cm", 300, 0.05],
  ["9843-4", "head circumference", "cm", 150, 0.05],
  ["8287-5", "head circumference, tape", "cm", 150, 0.05],
  ["39156-5", "body mass index", "kg/m2", 200, 0.05],
  ["2708-6", "oxygen saturation, arterial", "%", 100, 0.5],
  ["59408-5", "oxygen saturation, pulse oximetry", "%", 100, 0.5],
];

/** LOINC codes of common results. */
const RESULTS: readonly Row[] = [
  ["4548-4", "haemoglobin A1c", "%", 100, 0.05],
  ["59261-8", "haemoglobin A1c, IFCC", "mmol/mol", 500, 0.5],
  ["2339-0", "glucose, blood", "mg/dL", 3000, 0.5],
  ["2345-7", "glucose, serum", "mg/dL", 3000, 0.5],
  ["1558-6", "glucose, fasting", "mg/dL", 3000, 0.5],
  ["41653-7", "glucose, capillary", "mg/dL", 3000, 0.5],
  ["14749-6", "glucose, serum, molar", "mmol/L", 200, 0.05],
  ["15074-8", "glucose, blood, molar", "mmol/L", 200, 0.05],
  ["2160-0", "creatinine, serum", "mg/dL", 100, 0.005],
  ["38483-4", "creatinine, blood", "mg/dL", 100, 0.005],
  ["14682-9", "creatinine, serum, molar", "umol/L", 5000, 0.5],
  ["33914-3", "eGFR, MDRD", "mL/min/{1.73_m2}", 500, 0.5],
  ["62238-1", "eGFR, CKD-EPI", "mL/min/{1.73_m2}", 500, 0.5],
  ["98979-8", "eGFR, CKD-EPI 2021", "mL/min/{1.73_m2}", 500, 0.5],
  ["48642-3", "eGFR, non-black", "mL/min/{1.73_m2}", 500, 0.5],
  ["3094-0", "urea nitrogen, serum", "mg/dL", 1000, 0.5],
  ["6299-2", "urea nitrogen, blood", "mg/dL", 1000, 0.5],
  ["2951-2", "sodium, serum", "mmol/L", 400, 0.5],
  ["2947-0", "sodium, blood", "mmol/L", 400, 0.5],
  ["2823-3", "potassium, serum", "mmol/L", 50, 0.05],
  ["6298-4", "potassium, blood", "mmol/L", 50, 0.05],
  ["2075-0", "chloride, serum", "mmol/L", 400, 0.5],
  ["2069-3", "chloride, blood", "mmol/L", 400, 0.5],
  ["2028-9", "carbon dioxide, serum", "mmol/L", 200, 0.5],
  ["20565-8", "carbon dioxide, blood", "mmol/L", 200, 0.5],
  ["17861-6", "calcium, serum", "mg/dL", 100, 0.05],
  ["49765-1", "calcium, blood", "mg/dL", 100, 0.05],
  ["2093-3", "cholesterol", "mg/dL", 3000, 0.5],
  ["2085-9", "HDL cholesterol", "mg/dL", 1000, 0.5],
  ["18262-6", "LDL cholesterol, direct", "mg/dL", 2000, 0.5],
  ["13457-7", "LDL cholesterol, calculated", "mg/dL", 2000, 0.5],
  ["2571-8", "triglycerides", "mg/dL", 20000, 0.5],
  ["718-7", "haemoglobin", "g/dL", 100, 0.05],
  ["4544-3", "haematocrit", "%", 100, 0.05],
  ["20570-8", "haematocrit, blood", "%", 100, 0.05],
  ["6690-2", "leukocytes", "10*3/uL", 5000, 0.05],
  ["789-8", "erythrocytes", "10*6/uL", 100, 0.005],
  ["777-3", "platelets", "10*3/uL", 10000, 0.5],
  ["787-2", "MCV", "fL", 500, 0.05],
  ["785-6", "MCH", "pg", 200, 0.05],
  ["786-4", "MCHC", "g/dL", 200, 0.05],
  ["1742-6", "alanine aminotransferase", "U/L", 50000, 0.5],
  ["1920-8", "aspartate aminotransferase", "U/L", 50000, 0.5],
  ["6768-6", "alkaline phosphatase", "U/L", 50000, 0.5],
  ["1975-2", "bilirubin, total", "mg/dL", 200, 0.05],
  ["1751-7", "albumin, serum", "g/dL", 100, 0.05],
  ["2885-2", "protein, serum", "g/dL", 500, 0.05],
  ["9318-7", "albumin/creatinine, urine", "mg/g", 50000, 0.5],
  ["14959-1", "microalbumin/creatinine, urine", "mg/g", 50000, 0.5],
  ["3016-3", "thyrotropin", "m[IU]/L", 2000, 0.005],
  ["6301-6", "INR", "1", 50, 0.05],
  ["2857-1", "prostate specific antigen", "ng/mL", 10000, 0.05],
  ["33762-6", "NT-proBNP", "pg/mL", 500000, 0.5],
  ["1988-5", "C-reactive protein", "mg/L", 5000, 0.05],
  ["24467-3", "CD4 cells", "/uL", 50000, 0.5],
];

/** The table of spec/policy.md §6.1. Every range begins at 0. */
export const STEPS: readonly Step[] = [
  ...VITALS.map((row) => stepOf(row, true)),
  ...RESULTS.map((row) => stepOf(row, false)),
];

const BY_CODE: ReadonlyMap<string, Step> = new Map(STEPS.map((step) => [step.code, step]));

/** The row of a code text, if it has one. */
export function stepFor(codeText: string): Step | undefined {
  return BY_CODE.get(codeText);
}

function stepOf([code, what, unit, max, step]: Row, vital: boolean): Step {
  return { code, what, unit, min: 0, max, step, vital };
}
