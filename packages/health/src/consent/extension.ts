import { type Bytes, fromHex, toHex } from "@salus/base";
import type { Hex } from "./consent.ts";
import { at, type Json, listAt, textAt } from "./json.ts";

/** Where the meaning of our extensions and identifiers is documented. */
export const SALUS = "https://salus.health/fhir";

/** The datatypes that our extensions have. */
export type ExtensionType =
  | "Base64Binary"
  | "Boolean"
  | "Code"
  | "Instant"
  | "Integer"
  | "String"
  | "Identifier";

/** One extension, by its name below `SALUS`; none for what is empty. */
export function extension(name: string, type: ExtensionType, value: Json): readonly Json[] {
  if (value === "" || value === undefined || value === false) return [];
  return [{ url: `${SALUS}/${name}`, [`value${type}`]: value }];
}

/** Values of all extensions of a name, in their order. */
export function extended(value: Json, name: string, type: ExtensionType): readonly Json[] {
  const url = `${SALUS}/${name}`;
  return listAt(value, "extension")
    .filter((one) => textAt(one, "url") === url)
    .map((one) => at(one, `value${type}`));
}

/** The text of the first extension of a name; empty without one. */
export function extendedText(value: Json, name: string, type: ExtensionType): string {
  const [first] = extended(value, name, type);
  return typeof first === "string" ? first : "";
}

/** Bytes as FHIR's `base64Binary`. */
export function base64(hex: Hex): string {
  const bytes = fromHex(hex);
  if (!bytes.ok) return "";
  let binary = "";
  for (const byte of bytes.value) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Read `base64Binary`; empty for what is none. */
export function fromBase64(text: Json): Hex {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return "";
  if (text.length % 4 !== 0) return "";
  return toHex(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) as Bytes);
}
