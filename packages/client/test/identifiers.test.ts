import type { IdentifierKind } from "@salus/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/discovery-v1.json" with { type: "json" };
import { endsWithCheckDigit } from "../src/discovery/verhoeff.ts";
import { identifierText, readIdentifier } from "../src/index.ts";

// Goal: an identifier has one form, however somebody typed it, and what is none is refused by a kind.
// Method: vectors of an implementation that shares no code with ours; every slip that a check digit
// is there for.

/** What a person types: the parts of a number stand on both sides of a bar. */
function read(kind: string, parts: readonly string[]): ReturnType<typeof readIdentifier> {
  const [first = "", second = ""] = parts;
  if (kind === "phone") return readIdentifier(kind, first, second);
  const text = parts.length === 2 ? `${first}|${second}` : first;
  return readIdentifier(kind as IdentifierKind, text);
}

describe("the vectors", () => {
  it.each(vectors.identifiers.valid)("$kind, $comment", ({ kind, parts, value }) => {
    expect(read(kind, parts)).toEqual({ ok: true, value: { kind, value } });
  });

  it.each(vectors.identifiers.invalid)("$kind, $comment", ({ kind, parts, error }) => {
    expect(read(kind, parts)).toEqual({ ok: false, error: { kind: error } });
  });
});

describe("an identifier", () => {
  it("that was read is read as itself", () => {
    for (const { kind, value } of vectors.identifiers.valid) {
      const again = readIdentifier(kind as IdentifierKind, value);
      expect(again.ok && identifierText(again.value)).toBe(`${kind}|${value}`);
    }
  });

  it("of any text is one or is refused, and never throws", () => {
    const kinds = fc.constantFrom<IdentifierKind[]>(
      ...(["phone", "email", "health-number", "record-number"] as const),
    );
    const regions = fc.constantFrom(undefined, "CH", "in", "ZZ", "");
    fc.assert(
      fc.property(kinds, fc.string({ unit: "binary" }), regions, (kind, text, region) => {
        const one = readIdentifier(kind, text, region);
        if (!one.ok) return;
        expect(readIdentifier(kind, one.value.value, region)).toEqual(one);
      }),
    );
  });
});

describe("a check digit", () => {
  const digits = fc
    .string({ unit: fc.constantFrom(..."0123456789"), minLength: 13, maxLength: 13 })
    .map((text) => [..."0123456789"].map((last) => text + last).filter(endsWithCheckDigit));

  it("is one of ten, and notices each wrong digit and each pair that was swapped", () => {
    fc.assert(
      fc.property(digits, fc.nat(12), fc.integer({ min: 1, max: 9 }), (fitting, at, more) => {
        expect(fitting).toHaveLength(1);
        const right = fitting[0] as string;
        const [one, two] = [right[at] as string, right[at + 1] as string];
        const wrong = String((Number(one) + more) % 10);
        expect(endsWithCheckDigit(right.slice(0, at) + wrong + right.slice(at + 1))).toBe(false);
        const swapped = right.slice(0, at) + two + one + right.slice(at + 2);
        expect(endsWithCheckDigit(swapped)).toBe(one === two);
      }),
    );
  });
});
