import type { Parameter } from "../policy/parameter.ts";
import { resourceTypeOf } from "../policy/types.ts";
import { readDate } from "./date-needle.ts";
import { readNear } from "./near-needle.ts";
import type { ReadNeedle } from "./needle.ts";
import { readQuantity } from "./quantity-needle.ts";
import { readReference, readReferenceIdentifier, readString } from "./text-needle.ts";
import { readOfType, readToken, readTokenText } from "./token-needle.ts";
import { readUri, readUriAbove, readUriBelow } from "./uri-needle.ts";

/** The reader of a kind of parameter under a modifier; undefined where it has no such modifier. */
export function readerOf(parameter: Parameter, modifier: string): ReadNeedle | undefined {
  switch (parameter.type) {
    case "date":
      return modifier === "" ? readDate : undefined;
    case "number":
    case "quantity":
      return modifier === "" ? readQuantity : undefined;
    case "token":
      if (modifier === "" || modifier === "not") return readToken;
      if (modifier === "text") return readTokenText;
      return modifier === "of-type" && isIdentifier(parameter) ? readOfType : undefined;
    case "string":
      return ["", "exact", "contains"].includes(modifier) ? readString : undefined;
    case "reference":
      if (modifier === "identifier") return readReferenceIdentifier;
      return modifier === "" || resourceTypeOf(modifier) !== undefined ? readReference : undefined;
    case "uri":
      if (modifier === "above") return readUriAbove;
      if (modifier === "below") return readUriBelow;
      return modifier === "" ? readUri : undefined;
    case "special":
      return modifier === "" ? readNear : undefined;
    case "composite":
      return undefined;
  }
}

const IDENTIFIER = /(?:^|\.)(?:\w*[iI]dentifier|requisition)$/;

/** Whether the values of a token parameter are Identifiers, which may say of which type they are. */
export function isIdentifier({ type, paths }: Parameter): boolean {
  return type === "token" && paths.every(({ text }) => IDENTIFIER.test(text));
}
