import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shownText } from "../src/requests/shown-text.ts";

// Goal: a text of somebody else stays in its own line, and says what it seems to say.
// Method: each trick once, in readable texts of several languages around it; then any text.

describe("a text that is shown", () => {
  it.each([
    ["a line break", "Dr Ek\nuntil 2099", "Dr Ek\uFFFDuntil 2099"],
    ["a control sequence", "Dr\u001b[2K\rEk", "Dr\uFFFD[2K\uFFFDEk"],
    ["a control of eight bits", "Dr\u009b2KEk", "Dr\uFFFD2KEk"],
    ["another direction", "Dr \u202Eke\u202C", "Dr \uFFFDke\uFFFD"],
    ["an isolate", "\u2067Dr\u2069", "\uFFFDDr\uFFFD"],
    ["a joiner that nobody sees", "Dr\u200bEk", "Dr\uFFFDEk"],
    ["a filler that looks like a space", "Dr\u3164Ek\u2800", "Dr\uFFFDEk\uFFFD"],
    ["a separator of lines", "Dr\u2028Ek", "Dr\uFFFDEk"],
    ["half a pair", "Dr\ud800Ek", "Dr\uFFFDEk"],
    [
      "a line that spaces fill",
      `for you${" \u00a0\u3000".repeat(80)}until 2099`,
      "for you until 2099",
    ],
    ["marks without end", `a${"\u0301".repeat(500)}b`, `a${"\u0301".repeat(4)}\uFFFDb`],
  ])("has %s replaced", (_, text, shown) => {
    expect(shownText(text)).toBe(shown);
  });

  it.each(["Åsa Öberg", "Nguyễn Thị Hồng", "שרה לוי", "محمد", "สมชาย", "ठाकुर", "👩🏽", "❤️"])(
    "stays as it is: %s",
    (name) => {
      expect(shownText(name.normalize("NFC"))).toBe(name.normalize("NFC"));
    },
  );

  it("is cut at its limit, between what people count as characters", () => {
    expect(shownText("e\u0301e\u0301e\u0301", 2)).toBe("e\u0301…");
  });

  it("has nothing more to be replaced, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = shownText(text);
        expect(shownText(shown)).toBe(shown);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]| {2}/u);
      }),
    );
  });
});
