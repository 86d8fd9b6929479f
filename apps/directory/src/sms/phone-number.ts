import { type Brand, fail, ok, type Result } from "@salus/base";
import type { Malformed } from "@salus/protocol";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";

/** A number in E.164, valid in its country, that may belong to a mobile telephone. */
export type PhoneNumber = Brand<string, "PhoneNumber">;

/** What the limits need to know of a number. */
export interface PhonePlace {
  /** ISO 3166, two letters; empty for numbers of no country. */
  readonly country: string;
  /** The country's code and the first three digits behind it: what pumps of messages share. */
  readonly prefix: string;
}

/** Voice over IP is nobody's telephone in particular, and the others cost whoever calls them. */
const TYPES = ["MOBILE", "FIXED_LINE_OR_MOBILE"];
const PREFIX_DIGITS = 3;

/**
 * Read a number that somebody gives as hers.
 *
 * Fails:   `malformed`: no number in international form, or one that can receive no text message.
 */
export function readPhoneNumber(text: string): Result<PhoneNumber, Malformed> {
  const number = parsePhoneNumberFromString(text, { extract: false });
  const fine =
    number?.isValid() === true &&
    number.ext === undefined &&
    TYPES.includes(number.getType() as string);
  return fine
    ? ok(number.number as string as PhoneNumber)
    : fail({ kind: "malformed", what: "number" });
}

/** Where a number belongs. */
export function placeOf(number: PhoneNumber): PhonePlace {
  const parsed = parsePhoneNumberFromString(number);
  const calling = parsed?.countryCallingCode ?? "";
  const national = parsed?.nationalNumber ?? "";
  return {
    country: parsed?.country ?? "",
    prefix: `+${calling}${national.slice(0, PREFIX_DIGITS)}`,
  };
}

/** Enough of a number for its owner to know it by. */
export function phoneHint(number: PhoneNumber): string {
  return `… ${number.slice(-3)}`;
}
