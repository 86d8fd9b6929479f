import { assert, fail, ok, type Result } from "@salus/base";
import { cut } from "../canonical/fold.ts";
import {
  codeKeyword,
  codingsOf,
  prefixKeywords,
  referenceKeyword,
  referenceText,
  stringsOf,
  systemKeyword,
  textKeyword,
  textsOf,
  uriKeyword,
} from "../canonical/keyword.ts";
import { isSensitive } from "../policy/category.ts";
import { elementsAt, isObject } from "../policy/path.ts";
import { rangeKind } from "../policy/policy.ts";
import { resourceTypeOf } from "../policy/types.ts";
import { OVERFLOW_KEYWORD } from "./attribute.ts";
import { categorise } from "./categorise.ts";
import type { DeriveContext, DerivedIndex, DeriveError, Remark } from "./entry.ts";
import { EntryList } from "./entry-list.ts";
import { type PlannedParameter, planOf } from "./plan.ts";
import { addDates, addQuantities, type Fault } from "./ranges.ts";

type Json = Readonly<Record<string, unknown>>;

const ID = /^[A-Za-z0-9.-]{1,64}$/;
/** More keywords than this in a parameter marked `many` are one: any. Source: spec/policy.md §5. */
const MANY_MAX = 256;

/**
 * Derive what is indexed of a resource: its category, and its entries before any key is applied.
 *
 * Takes:   `resource`, parsed JSON of unknown origin; nothing of it is trusted, or changed.
 * Leaks:   nothing by itself; the entries are plaintext and stay on the device.
 * Fails:   any `DeriveError`; no part of a refused resource is indexed.
 * Cost:    proportional to the resource; 5 to 15 µs for a usual one.
 * Source:  spec/policy.md; vectors/canonical-v1.json.
 */
export function deriveIndex(
  resource: unknown,
  context: DeriveContext,
): Result<DerivedIndex, DeriveError> {
  if (!isObject(resource)) return fail({ kind: "not-an-object" });
  const { resourceType: type, id } = resource;
  if (typeof type !== "string") return fail({ kind: "missing-type" });
  const table = resourceTypeOf(type, context.policy.version);
  if (table === undefined) return fail({ kind: "unknown-type" });
  if (typeof id !== "string" || !ID.test(id)) return fail({ kind: "bad-id" });
  const category = categorise(resource, table);
  const plan = planOf(table, category);
  const list = new EntryList(rangeKind(context.policy, category));
  const remarks: Remark[] = [];
  list.tag(plan.type, type);
  list.tag(plan.id, id);
  for (const node of new Set(context.path)) list.tag(plan.path, node);
  for (const planned of plan.parameters) {
    const fault = addParameter(resource, planned, list, remarks);
    if (fault !== undefined) return fail(fault);
    if (list.full) return fail({ kind: "too-many-values", path: pathOf(planned) });
  }
  return ok({
    category,
    sensitive: isSensitive(category),
    type,
    id,
    entries: list.entries,
    remarks,
  });
}

function addParameter(
  resource: Json,
  planned: PlannedParameter,
  list: EntryList,
  remarks: Remark[],
): Fault | undefined {
  const { presence, emits } = planned.parameter;
  const given = planned.always || planned.keys.some((key) => resource[key] !== undefined);
  if (presence.absent || (given && presence.present)) {
    const missing = !given || planned.values(resource).length === 0;
    if (missing ? presence.absent : presence.present) list.tag(planned.missing, String(missing));
  }
  return given && emits.length > 0 ? addValues(resource, planned, list, remarks) : undefined;
}

function addValues(
  resource: Json,
  planned: PlannedParameter,
  list: EntryList,
  remarks: Remark[],
): Fault | undefined {
  switch (planned.parameter.type) {
    case "date":
      return addDates(resource, planned, list);
    case "number":
    case "quantity":
      return addQuantities(resource, planned, list, remarks);
    case "token":
      return addKeywords(resource, planned, list, addToken);
    case "string":
      return addKeywords(resource, planned, list, addString);
    case "reference":
      return addKeywords(resource, planned, list, addReference);
    case "uri":
      return addKeywords(resource, planned, list, addUri);
    case "composite":
    case "special":
      assert(false, "a composite makes no entries of its own, and what is special has none");
  }
}

/** Adds the keywords of one value; false for a value of a kind that is not allowed there. */
type AddKeywords = (
  value: unknown,
  planned: PlannedParameter,
  keywords: Set<string>,
  texts: Set<string>,
) => boolean;

function addKeywords(
  resource: Json,
  planned: PlannedParameter,
  list: EntryList,
  add: AddKeywords,
): Fault | undefined {
  const keywords = new Set<string>();
  const texts = new Set<string>();
  for (const path of planned.parameter.emits) {
    for (const value of planned.always ? planned.values(resource) : elementsAt(resource, path)) {
      if (!add(value, planned, keywords, texts)) return { kind: "bad-shape", path: path.text };
    }
  }
  const listed = planned.parameter.many && keywords.size > MANY_MAX ? [OVERFLOW_KEYWORD] : keywords;
  for (const keyword of listed) list.tag(planned.tag, keyword);
  for (const keyword of texts) list.tag(planned.text, keyword);
  return undefined;
}

const addToken: AddKeywords = (value, { parameter }, keywords, texts) => {
  const codings = codingsOf(value);
  if (codings === undefined) return false;
  for (const { system, code } of codings) {
    if (code !== "") keywords.add(codeKeyword(code));
    if (parameter.system && system !== "") keywords.add(systemKeyword(system));
  }
  if (parameter.text) {
    for (const text of textsOf(value)) {
      const keyword = textKeyword(text);
      if (keyword !== "") texts.add(keyword);
    }
  }
  return true;
};

const addString: AddKeywords = (value, _planned, keywords) => {
  const strings = stringsOf(value);
  if (strings === undefined) return false;
  for (const text of strings) for (const keyword of prefixKeywords(text)) keywords.add(keyword);
  return true;
};

const addReference: AddKeywords = (value, _planned, keywords) => {
  const text = referenceText(value);
  if (text === undefined) return isObject(value);
  const keyword = referenceKeyword(text);
  if (keyword !== undefined) keywords.add(keyword);
  return true;
};

const addUri: AddKeywords = (value, _planned, keywords) => {
  if (typeof value !== "string") return false;
  if (value !== "") keywords.add(cut(uriKeyword(value)));
  return true;
};

function pathOf(planned: PlannedParameter): string {
  return planned.parameter.emits[0]?.text ?? planned.parameter.name;
}
