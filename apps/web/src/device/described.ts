import { shownText } from "@salus/client";
import { type DescribedValue, type Description, describe, type Json } from "@salus/health";

/** Nearly all of what records say is of these, and needs no second look. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Somebody else's words, as they may stand beside others: nothing in them turns or hides what is near. */
function shown(text: string): string {
  return PLAIN.test(text) ? text : shownText(text.replaceAll(/\s+/g, " "));
}

/**
 * A resource as people read it, in a form that can be shown: without control characters, and without
 * marks that turn the direction of what stands beside it.
 *
 * Codes stay as they are: they are searched for.
 */
export function described(resource: Json): Description {
  const said = describe(resource);
  return {
    ...said,
    title: shown(said.title),
    status: shown(said.status),
    codes: said.codes.map((code) => ({ ...code, display: shown(code.display) })),
    values: said.values.map(shownValue),
    details: said.details.map((detail) => ({ ...detail, text: shown(detail.text) })),
  };
}

function shownValue(value: DescribedValue): DescribedValue {
  const { label, text, unit } = value;
  return { ...value, label: shown(label), text: shown(text), unit: shown(unit) };
}
