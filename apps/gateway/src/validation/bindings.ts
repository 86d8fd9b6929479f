import type { Codes } from "./definitions.ts";
import { isObject } from "./shape.ts";

/** How a value stands to a value set that it must be from. */
export interface CodeFault {
  readonly severity: "error" | "warning";
  readonly diagnostics: string;
}

const WRONG: CodeFault = {
  severity: "error",
  diagnostics: "The code is not one of those that R4 has for this element.",
};
const FOREIGN: CodeFault = {
  severity: "warning",
  diagnostics: "No code here is from a system that R4 has for this element.",
};

/**
 * Judge a value by the value set that its element is bound to, with strength `required`.
 *
 * A `code` says nothing but itself, so one that is not in the set is wrong. A concept may say the same in a
 * hospital's own codes or only in words: R4 refuses that too, and hospitals write it. It is kept, and said.
 * A code that claims the set's own system and is not in the set is wrong in a concept as well.
 *
 * Takes:   the type of the value as R4 names it.
 * Gives:   nothing where it is well.
 */
export function codeFault(type: string, value: unknown, codes: Codes): CodeFault | undefined {
  if (type === "CodeableConcept") {
    return codingFault(isObject(value) ? value.coding : undefined, codes);
  }
  if (type === "Coding") return codingFault([value], codes);
  if (type === "Quantity" || typeof value !== "string") return undefined;
  return Object.values(codes).some((list) => list.includes(value)) ? undefined : WRONG;
}

function codingFault(list: unknown, codes: Codes): CodeFault | undefined {
  const codings = (Array.isArray(list) ? list : []).filter(isObject);
  let claimed = false;
  for (const { system, code } of codings) {
    if (typeof system !== "string" || !Object.hasOwn(codes, system)) continue;
    claimed ||= code !== undefined;
    if (typeof code === "string" && codes[system]?.includes(code)) return undefined;
  }
  return claimed ? WRONG : FOREIGN;
}
