import { fail, ok, type Result, utf8 } from "@salus/base";
import type { Identifier, IdentifierKind, IdentifierValue } from "@salus/protocol";
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { endsWithCheckDigit } from "./verhoeff.ts";

/** Why a text is no identifier of its kind. Spec: discovery §1. */
export type IdentifierError =
  /** No number, or none that exists: too short, another region's, or only national and no region was given. */
  | { readonly kind: "bad-phone" }
  | { readonly kind: "bad-email" }
  | { readonly kind: "bad-health-number" }
  /** It was mistyped: its last digit does not fit the others. */
  | { readonly kind: "bad-check-digit" }
  | { readonly kind: "bad-record-number" };

type Read = Result<Identifier, IdentifierError>;

/** The system of India's health account numbers. */
const ABHA = "abha";

const VALUE_BYTES_MAX = 256;
const EMAIL_BYTES_MAX = 254;

/** Format and control characters, private and unpaired ones: nobody types them on purpose. */
const UNSEEN = /[\p{C}]/u;
const AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;
const SEPARATORS = /[\p{White_Space}\p{Dash_Punctuation}.]/gu;

/**
 * Read a phone number as people write it.
 *
 * Takes:   `region`, ISO 3166 with two letters, for numbers without a country's code.
 * Gives:   E.164.
 * Fails:   `bad-phone`.
 * Source:  spec/discovery.md §1; vectors/discovery-v1.json.
 */
export function phoneIdentifier(text: string, region?: string): Read {
  const country = region?.toUpperCase();
  const defaultCountry = isRegion(country) ? country : undefined;
  const number = parsePhoneNumberFromString(trimmed(text), {
    extract: false,
    ...(defaultCountry && { defaultCountry }),
  });
  const sound = number?.isValid() === true && number.ext === undefined;
  return sound ? made("phone", number.number) : fail({ kind: "bad-phone" });
}

function isRegion(region: string | undefined): region is CountryCode {
  return region !== undefined && isSupportedCountry(region);
}

/**
 * Read an e-mail address.
 *
 * Gives:   it in NFC and lower case. Addresses that differ in case alone are one.
 * Fails:   `bad-email`.
 * Source:  spec/discovery.md §1; vectors/discovery-v1.json.
 */
export function emailIdentifier(text: string): Read {
  const value = trimmed(text).normalize("NFC").toLowerCase().normalize("NFC");
  const [local = "", domain = "", ...more] = value.split("@");
  const sound =
    local !== "" &&
    /^[^.]+(?:\.[^.]+)+$/.test(domain) &&
    more.length === 0 &&
    !/\p{White_Space}/u.test(value) &&
    fits(value, EMAIL_BYTES_MAX);
  return sound ? made("email", value) : fail({ kind: "bad-email" });
}

/**
 * Read a national health number.
 *
 * Takes:   `system`, who gave the number: `abha` for India's, whose check digit is verified.
 * Gives:   the system in lower case, and the number in upper case without separators.
 * Fails:   `bad-health-number`, `bad-check-digit`.
 * Source:  spec/discovery.md §1; vectors/discovery-v1.json.
 */
function healthNumber(system: string, number: string): Read {
  const name = trimmed(system).toLowerCase();
  const value = number.normalize("NFKC").replace(SEPARATORS, "").toUpperCase();
  if (!isPart(name) || !isPart(value)) return fail({ kind: "bad-health-number" });
  if (name === ABHA) {
    if (!/^[0-9]{14}$/.test(value)) return fail({ kind: "bad-health-number" });
    if (!endsWithCheckDigit(value)) return fail({ kind: "bad-check-digit" });
  }
  return made("health-number", `${name}|${value}`);
}

/**
 * Read the number under which an organisation keeps a patient.
 *
 * Takes:   `organisation`, its node in the provider tree.
 * Gives:   both as the organisation writes them: case and separators may matter there.
 * Fails:   `bad-record-number`.
 * Source:  spec/discovery.md §1; vectors/discovery-v1.json.
 */
function recordNumber(organisation: string, number: string): Read {
  const [node, value] = [trimmed(organisation).normalize("NFC"), trimmed(number).normalize("NFC")];
  if (!isPart(node) || !isPart(value)) return fail({ kind: "bad-record-number" });
  return made("record-number", `${node}|${value}`);
}

/**
 * Read an identifier of any kind. Numbers are written behind their system or organisation: `abha|91-…`.
 *
 * Takes:   `region`, for phone numbers without a country's code.
 * Fails:   any `IdentifierError`.
 */
export function readIdentifier(kind: IdentifierKind, text: string, region?: string): Read {
  const bar = text.indexOf("|");
  const [first, rest] = bar < 0 ? ["", text] : [text.slice(0, bar), text.slice(bar + 1)];
  switch (kind) {
    case "phone":
      return phoneIdentifier(text, region);
    case "email":
      return emailIdentifier(text);
    case "health-number":
      return healthNumber(first, rest);
    case "record-number":
      return recordNumber(first, rest);
  }
}

/** An identifier as a request names it. Source: spec/requests.md §1. */
export function identifierText({ kind, value }: Identifier): string {
  return `${kind}|${value}`;
}

/** `trim` takes byte-order marks too, which are no white space, and leaves the next-line character. */
function trimmed(text: string): string {
  return text.replace(AROUND, "");
}

/** Something to stand on one side of a bar. */
function isPart(text: string): boolean {
  return text !== "" && !text.includes("|") && fits(text, VALUE_BYTES_MAX);
}

function fits(text: string, max: number): boolean {
  return !UNSEEN.test(text) && utf8(text).length <= max;
}

function made(kind: IdentifierKind, value: string): Result<Identifier, never> {
  return ok({ kind, value: value as IdentifierValue });
}
