import r4 from "fhirpath/fhir-context/r4";

// Resources that have the elements which a FHIRPath expression names, made from the model of R4: of an
// element that may be of several types one resource for each.

type Json = Record<string, unknown>;

const DAY = "2020-02-03";
const TARGET = "%TARGET%";
const REFERENCE = { reference: `${TARGET}/1`, type: TARGET };
const CODING = { system: "http://a.example", code: "c", display: "shown" };
const QUANTITY = { value: 1, system: "http://unitsofmeasure.org", code: "mg", unit: "mg" };

/** A value of each type of element that a search parameter looks at. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  boolean: true,
  integer: 1,
  decimal: 0.5,
  date: DAY,
  dateTime: DAY,
  instant: `${DAY}T01:02:03Z`,
  Period: { start: DAY, end: DAY },
  Timing: { event: [DAY] },
  CodeableConcept: { coding: [CODING], text: "words" },
  Coding: CODING,
  Identifier: { system: "http://a.example", value: "i" },
  ContactPoint: { system: "phone", value: "1" },
  HumanName: { text: "Ann Bee", family: "Bee", given: ["Ann"] },
  Address: { text: "Here", city: "There", country: "XX", postalCode: "1", state: "Y", use: "home" },
  Quantity: QUANTITY,
  Age: QUANTITY,
  Duration: QUANTITY,
  Range: { low: QUANTITY, high: QUANTITY },
  Reference: REFERENCE,
};

/** A path without what only keeps some of its elements or names a type of them. */
function plainPath(part: string): string {
  return part
    .replace(/\.where\(resolve\(\) is \w+\)/, "")
    .replace(/\.where\(system='\w+'\)/, "")
    .replace(/\.as\(\w+\)/, "")
    .replace(/^\((.*) as \w+\)/, "$1")
    .replace(/ != false| and .*|\.exists\(\).*/g, "");
}

/** Resources of a type, each with one of the elements that an expression names. */
export function resourcesWith(type: string, expression: string): readonly Json[] {
  return expression.split(" | ").flatMap((part) => {
    const [, ...steps] = plainPath(part).replace("[0]", "").split(".");
    const telecoms = ["phone", "email"].map((system) => ({ system, value: `a-${system}` }));
    const target = /resolve\(\) is (\w+)/.exec(part)?.[1] ?? "Patient";
    if (part.includes("system='")) return [{ resourceType: type, id: "r", telecom: telecoms }];
    const pointing = (fields: Json): Json =>
      JSON.parse(JSON.stringify(fields).replaceAll(TARGET, target));
    return withElement(type, steps)
      .map(pointing)
      .map((fields) => ({
        resourceType: type,
        id: "r",
        ...fields,
      }));
  });
}

function withElement(path: string, steps: readonly string[]): readonly Json[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [{}];
  const at = known(`${path}.${step}`);
  const choices = r4.choiceTypePaths[at];
  if (choices !== undefined) {
    return choices.flatMap((choice: string) => {
      const kind = PRIMITIVE.test(choice) ? lowerFirst(choice) : choice;
      return valuesAt(kind, rest).map((value) => ({ [`${step}${choice}`]: value }));
    });
  }
  const kind = r4.path2Type[at] ?? "BackboneElement";
  const inner = SAMPLES[kind] !== undefined || !["BackboneElement", "Element"].includes(kind);
  if (inner) return valuesAt(kind, rest).map((value) => ({ [step]: value }));
  return withElement(at, rest).map((value) => ({ [step]: value }));
}

/** Values of a data type that has the elements; parts of a data type are in its sample. */
function valuesAt(kind: string, rest: readonly string[]): readonly unknown[] {
  const sample = SAMPLES[kind] ?? (/^[a-z]/.test(kind) ? `a-${kind}` : undefined);
  if (rest.length === 0) return sample === undefined ? [] : [sample];
  return typeof sample === "object" ? [sample] : withElement(kind, rest);
}

function known(path: string): string {
  return r4.pathsDefinedElsewhere[path] ?? path;
}

const PRIMITIVE =
  /^(?:String|Code|Uri|Canonical|Id|Markdown|Date|DateTime|Instant|Boolean|Integer|Decimal|Time)$/;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
