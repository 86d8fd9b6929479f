/** One way in which a secret could lie somewhere. */
export interface Pattern {
  readonly secret: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/**
 * A text or key in every encoding in which it might have leaked: as it is (UTF-8, which for these
 * texts is also Latin-1 and their form in JSON), in UTF-16, in hexadecimal of either case, and in
 * base64 and base64url.
 *
 * Base64 takes three bytes at a time, so a secret inside something longer is written in one of three
 * ways; the letters at its edges depend on its neighbours and are left out.
 */
export function patternsOf(secret: string, content: Buffer): Pattern[] {
  const wide = Buffer.from(content.toString("latin1"), "utf16le");
  const hex = content.toString("hex");
  const found: [string, Buffer][] = [
    ["utf-8", content],
    ["utf-16le", wide],
    ["utf-16be", Buffer.from(wide).swap16()],
    ["hex", Buffer.from(hex)],
    ["HEX", Buffer.from(hex.toUpperCase())],
  ];
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), content]).toString("base64");
    const from = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + content.length) * 8) / 6);
    const inner = shifted.slice(from, whole);
    found.push([`base64+${offset}`, Buffer.from(inner)]);
    const url = inner.replaceAll("+", "-").replaceAll("/", "_");
    if (url !== inner) found.push([`base64url+${offset}`, Buffer.from(url)]);
  }
  return found.map(([encoding, bytes]) => ({ secret, encoding, bytes }));
}

/** A number as it lies in memory: a double, in both byte orders. Its digits are a text of their own. */
export function patternsOfNumber(value: number): Pattern[] {
  const little = Buffer.alloc(8);
  little.writeDoubleLE(value);
  const big = Buffer.alloc(8);
  big.writeDoubleBE(value);
  return [
    { secret: String(value), encoding: "double, little-endian", bytes: little },
    { secret: String(value), encoding: "double, big-endian", bytes: big },
  ];
}
