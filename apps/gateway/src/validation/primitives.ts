/** What is wrong with a value of a primitive type, beyond what the validator's own patterns see. */
type Fault = string | undefined;

const TIME =
  "T(?:[01]\\d|2[0-3]):[0-5]\\d:(?:[0-5]\\d|60)(?:\\.\\d+)?(?:Z|[+-](?:(?:0\\d|1[0-3]):[0-5]\\d|14:00))";
const DAY = "(\\d{4})(?:-(\\d{2})(?:-(\\d{2})";
const DATE = new RegExp(`^${DAY})?)?$`);
const DATE_TIME = new RegExp(`^${DAY}(?:${TIME})?)?)?$`);
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const CHECKS: Readonly<Record<string, (text: string) => Fault>> = {
  date: (text) => dayFault(DATE.exec(text)),
  dateTime: (text) => dayFault(DATE_TIME.exec(text)),
  instant: (text) => dayFault(DATE_TIME.exec(text)),
  base64Binary: (text) => {
    const held = text.replace(/\s/g, "");
    return BASE64.test(held) && held.length % 4 === 0 ? undefined : "This is not base64.";
  },
};

/**
 * Check a primitive value where R4 says more than a pattern can.
 *
 * Gives:   a sentence; nothing where all is well, or where the type has no such rule.
 * Source:  R4 datatypes: date and dateTime ("dates SHALL be valid dates", a time has seconds and an offset).
 */
export function primitiveFault(type: string, value: unknown): Fault {
  if (typeof value !== "string") return undefined;
  return CHECKS[type]?.(value);
}

function dayFault(found: RegExpExecArray | null): Fault {
  if (found === null)
    return "A time has seconds and an offset from UTC, and stands behind a whole day.";
  const [year, month, day] = found.slice(1).map((part) => Number(part ?? 1)) as [
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? undefined : "There is no such day.";
}
