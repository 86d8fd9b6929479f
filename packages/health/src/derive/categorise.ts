import { foldText } from "../canonical/fold.ts";
import {
  type Category,
  type OrdinaryCategory,
  SENSITIVE_CATEGORIES,
  type SensitiveCategory,
} from "../policy/category.ts";
import { type ElementPath, elementsAt, isObject, parsePath } from "../policy/path.ts";
import type { ResourceType } from "../policy/resource-type.ts";
import { categoryOfCode, categoryOfLabel } from "../policy/sensitive-codes.ts";
import { categoryOfText } from "../policy/sensitive-words.ts";
import { stepFor } from "../policy/steps.ts";
import { LOINC } from "../systems.ts";

type Json = Readonly<Record<string, unknown>>;

const LABELS = parsePath("meta.security");

/** Coded elements that say what a record is about, whatever its type. */
const SUBJECT_PATHS: readonly ElementPath[] = [
  "code",
  "category",
  "type",
  "reasonCode",
  "valueCodeableConcept",
  "valueString",
  "medicationCodeableConcept",
  "vaccineCode",
  "class",
  "serviceType",
  "serviceCategory",
  "specialty",
  "component.code",
  "component.valueCodeableConcept",
  "conclusionCode",
  "condition.code",
  "activity.detail.code",
  "detail.code",
  "description",
  "protocolApplied.targetDisease",
  "reaction.substance",
  "ingredient.itemCodeableConcept",
  "context.event",
  "context.practiceSetting",
  "event.code",
  "section.code",
  "item.code",
  "item.linkId",
  "item.item.linkId",
  "questionnaire",
  "title",
].map(parsePath);

/**
 * Decide the category of a record: by its security labels, its codes, its words, then its type.
 *
 * Source:  spec/policy.md §3; in doubt a record is sensitive.
 */
export function categorise(resource: Json, table: ResourceType): Category {
  return sensitiveCategory(resource, table.type) ?? ordinaryCategory(resource, table);
}

function sensitiveCategory(resource: Json, type: string): SensitiveCategory | undefined {
  if (type === "MolecularSequence") return "genetics";
  let found: SensitiveCategory | undefined;
  const consider = (category: SensitiveCategory | undefined): void => {
    found = first(found, category);
  };
  if (resource.meta !== undefined) {
    for (const label of elementsAt(resource, LABELS)) {
      if (isObject(label)) consider(categoryOfLabel(textOf(label.system), textOf(label.code)));
    }
  }
  for (const path of SUBJECT_PATHS) {
    // Most of the elements are not there; the look-up here spares the call.
    if (resource[(path.steps[0] as ElementPath["steps"][0]).key] === undefined) continue;
    for (const value of elementsAt(resource, path)) considerValue(value, consider);
  }
  return found;
}

/** A Coding, a CodeableConcept, or a text such as a link id or a canonical address. */
function considerValue(
  value: unknown,
  consider: (category: SensitiveCategory | undefined) => void,
): void {
  if (typeof value === "string") {
    // Questionnaires of LOINC have its codes as link ids, written /44249-1 or so.
    consider(categoryOfCode(LOINC, value.startsWith("/") ? value.slice(1) : value));
    consider(rememberedText(value));
  } else if (isObject(value)) {
    considerCoding(value, consider);
    const codings = value.coding;
    if (Array.isArray(codings)) {
      for (const coding of codings) if (isObject(coding)) considerCoding(coding, consider);
    }
    if (typeof value.text === "string") consider(rememberedText(value.text));
  }
}

function considerCoding(
  coding: Json,
  consider: (category: SensitiveCategory | undefined) => void,
): void {
  const code = coding.code;
  if (typeof code === "string") consider(categoryOfCode(textOf(coding.system), code));
  if (typeof coding.display === "string") consider(rememberedText(coding.display));
}

const MEMO_SIZE_MAX = 8192;
const MEMO_LENGTH_MAX = 200;
/** Displays repeat without end, and looking for words is what costs. Pure, so remembered. */
const memo = new Map<string, SensitiveCategory | null>();

function rememberedText(text: string): SensitiveCategory | undefined {
  const known = memo.get(text);
  if (known !== undefined) return known ?? undefined;
  const category = categoryOfText(foldText(text));
  if (text.length <= MEMO_LENGTH_MAX) {
    if (memo.size >= MEMO_SIZE_MAX) memo.clear();
    memo.set(text, category ?? null);
  }
  return category;
}

function first(
  a: SensitiveCategory | undefined,
  b: SensitiveCategory | undefined,
): SensitiveCategory | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return SENSITIVE_CATEGORIES.indexOf(a) <= SENSITIVE_CATEGORIES.indexOf(b) ? a : b;
}

function ordinaryCategory(resource: Json, table: ResourceType): OrdinaryCategory {
  switch (table.type) {
    case "Observation":
      return observationCategory(resource);
    case "DiagnosticReport":
      return reportCategory(resource);
    case "DocumentReference":
    case "Media":
      return documentCategory(resource);
    default:
      return table.ordinary[0] as OrdinaryCategory;
  }
}

const CATEGORY = parsePath("category");
const CODE = parsePath("code");

const OBSERVATION_CATEGORIES: ReadonlyMap<string, OrdinaryCategory> = new Map([
  ["vital-signs", "vitals"],
  ["laboratory", "laboratory"],
  ["imaging", "imaging"],
  ["procedure", "procedures"],
  ["therapy", "procedures"],
]);

function observationCategory(resource: Json): OrdinaryCategory {
  const codes = codesAt(resource, CATEGORY);
  // In the order of the map: what is both a vital sign and an exam is a vital sign.
  for (const [code, category] of OBSERVATION_CATEGORIES) if (codes.includes(code)) return category;
  if (codes.length > 0) return "conditions";
  const vital = codesAt(resource, CODE).some((code) => stepFor(code)?.vital === true);
  return vital ? "vitals" : "laboratory";
}

const REPORT_CATEGORIES: ReadonlyMap<OrdinaryCategory, ReadonlySet<string>> = new Map([
  [
    "laboratory",
    new Set("laboratory LAB CH HM MB SR PAT CP BLB IMM TX LP29693-6 LP7839-6".split(" ")),
  ],
  ["imaging", new Set("RAD IMG CT NMR RUS RX XRC VUS NMS OUS LP29684-5".split(" "))],
  ["procedures", new Set("LP29708-2 CUS EC EN".split(" "))],
]);

function reportCategory(resource: Json): OrdinaryCategory {
  const codes = codesAt(resource, CATEGORY);
  for (const [category, known] of REPORT_CATEGORIES) {
    if (codes.some((code) => known.has(code))) return category;
  }
  return codes.length > 0 ? "documents" : "laboratory";
}

const CONTENT_TYPES: readonly ElementPath[] = [
  parsePath("content.attachment.contentType"),
  parsePath("content.contentType"),
];

function documentCategory(resource: Json): OrdinaryCategory {
  if (resource.modality !== undefined) return "imaging";
  const image = CONTENT_TYPES.some((path) =>
    elementsAt(resource, path).some(
      (type) =>
        typeof type === "string" && (type.startsWith("image/") || type === "application/dicom"),
    ),
  );
  return image ? "imaging" : "documents";
}

function codesAt(resource: Json, path: ElementPath): readonly string[] {
  const codes: string[] = [];
  for (const concept of elementsAt(resource, path)) {
    const codings = isObject(concept) ? concept.coding : undefined;
    if (!Array.isArray(codings)) continue;
    for (const coding of codings) {
      if (isObject(coding) && typeof coding.code === "string") codes.push(coding.code);
    }
  }
  return codes;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
