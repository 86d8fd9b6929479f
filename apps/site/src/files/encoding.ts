/**
 * Whether a client takes an encoding.
 *
 * Takes:   `accepts`, the header `accept-encoding`. One that is not named is not taken, even by `*`.
 * Source:  RFC 9110 §12.5.3.
 */
export function takes(accepts: string | undefined, encoding: string): boolean {
  for (const part of (accepts ?? "").toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    if (name !== encoding) continue;
    return !parameters.some((text) => /^q=0(?:\.0{0,3})?$/.test(text));
  }
  return false;
}
