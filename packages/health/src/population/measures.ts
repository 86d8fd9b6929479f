import { type Concept, loinc } from "./codes.ts";

/** A measurement: what, in which unit, and what is normal. */
export interface Measure {
  readonly concept: Concept;
  readonly category: "vital-signs" | "laboratory" | "survey";
  readonly unit: string;
  readonly unitText: string;
  readonly decimals: number;
  readonly normal?: readonly [low: number | undefined, high: number | undefined];
}

/** How another laboratory reports the same: its code and unit, and what to multiply by. */
export interface Variant {
  readonly measure: Measure;
  readonly factor: number;
}

type Normal = readonly [low: number | undefined, high: number | undefined];

function vital(
  code: string,
  display: string,
  unit: string,
  text: string,
  decimals: number,
): Measure {
  return {
    concept: loinc(code, display),
    category: "vital-signs",
    unit,
    unitText: text,
    decimals,
  };
}

function result(
  code: string,
  display: string,
  unit: string,
  decimals: number,
  normal: Normal,
): Measure {
  return {
    concept: loinc(code, display),
    category: "laboratory",
    unit,
    unitText: unit,
    decimals,
    normal,
  };
}

export const VITALS: Readonly<
  Record<
    | "systolic"
    | "diastolic"
    | "heartRate"
    | "temperature"
    | "weight"
    | "height"
    | "massIndex"
    | "saturation",
    Measure
  >
> = {
  systolic: vital("8480-6", "Systolic blood pressure", "mm[Hg]", "mmHg", 0),
  diastolic: vital("8462-4", "Diastolic blood pressure", "mm[Hg]", "mmHg", 0),
  heartRate: vital("8867-4", "Heart rate", "/min", "beats/minute", 0),
  temperature: vital("8310-5", "Body temperature", "Cel", "°C", 1),
  weight: vital("29463-7", "Body weight", "kg", "kg", 1),
  height: vital("8302-2", "Body height", "cm", "cm", 1),
  massIndex: vital("39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", "kg/m2", 1),
  saturation: vital("59408-5", "Oxygen saturation by Pulse oximetry", "%", "%", 0),
};

export const LABS: Readonly<
  Record<
    | "glucose"
    | "a1c"
    | "creatinine"
    | "filtration"
    | "sodium"
    | "potassium"
    | "cholesterol"
    | "hdl"
    | "ldl"
    | "triglycerides"
    | "haemoglobin"
    | "thyrotropin"
    | "albuminRatio"
    | "cd4",
    Measure
  >
> = {
  glucose: result("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 0, [70, 99]),
  a1c: result("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%", 1, [4, 5.6]),
  creatinine: result(
    "2160-0",
    "Creatinine [Mass/volume] in Serum or Plasma",
    "mg/dL",
    2,
    [0.6, 1.2],
  ),
  filtration: result(
    "98979-8",
    "Glomerular filtration rate/1.73 sq M.predicted by CKD-EPI 2021",
    "mL/min/{1.73_m2}",
    0,
    [60, undefined],
  ),
  sodium: result("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", 0, [136, 145]),
  potassium: result(
    "2823-3",
    "Potassium [Moles/volume] in Serum or Plasma",
    "mmol/L",
    1,
    [3.5, 5.1],
  ),
  cholesterol: result("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", 0, [
    undefined,
    200,
  ]),
  hdl: result("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", "mg/dL", 0, [
    40,
    undefined,
  ]),
  ldl: result("13457-7", "Cholesterol in LDL [Mass/volume] in Serum or Plasma", "mg/dL", 0, [
    undefined,
    130,
  ]),
  triglycerides: result("2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", "mg/dL", 0, [
    undefined,
    150,
  ]),
  haemoglobin: result("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", 1, [12, 17.5]),
  thyrotropin: result(
    "3016-3",
    "Thyrotropin [Units/volume] in Serum or Plasma",
    "m[IU]/L",
    2,
    [0.4, 4.5],
  ),
  albuminRatio: result("9318-7", "Albumin/Creatinine [Mass Ratio] in Urine", "mg/g", 0, [
    undefined,
    30,
  ]),
  cd4: result("24467-3", "CD3+CD4+ (T4 helper) cells [#/volume] in Blood", "/uL", 0, [
    500,
    undefined,
  ]),
};

export const SURVEYS: Readonly<Record<"phq9" | "audit", Measure>> = {
  phq9: {
    concept: loinc("44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score"),
    category: "survey",
    unit: "{score}",
    unitText: "score",
    decimals: 0,
  },
  audit: {
    concept: loinc("75626-2", "Total score [AUDIT-C]"),
    category: "survey",
    unit: "{score}",
    unitText: "score",
    decimals: 0,
  },
};

/** What laboratories that report in moles send instead. */
export const MOLAR: ReadonlyMap<Measure, Variant> = new Map<Measure, Variant>([
  [
    LABS.glucose,
    {
      measure: result(
        "14749-6",
        "Glucose [Moles/volume] in Serum or Plasma",
        "mmol/L",
        1,
        [3.9, 5.5],
      ),
      factor: 0.0555,
    },
  ],
  [
    LABS.creatinine,
    {
      measure: result(
        "14682-9",
        "Creatinine [Moles/volume] in Serum or Plasma",
        "umol/L",
        0,
        [53, 106],
      ),
      factor: 88.4,
    },
  ],
  [
    LABS.cholesterol,
    {
      measure: result("14647-2", "Cholesterol [Moles/volume] in Serum or Plasma", "mmol/L", 1, [
        undefined,
        5.2,
      ]),
      factor: 0.02586,
    },
  ],
]);

/** Panels under which laboratories report. */
export const PANELS: Readonly<Record<"metabolic" | "lipid" | "pressure", Concept>> = {
  metabolic: loinc("51990-0", "Basic metabolic panel - Blood"),
  lipid: loinc("57698-3", "Lipid panel with direct LDL - Serum or Plasma"),
  pressure: loinc("85354-9", "Blood pressure panel with all children optional"),
};
