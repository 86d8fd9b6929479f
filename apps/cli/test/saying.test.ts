import type { Provider } from "@salus/client";
import { Digest, type KemKey, VerifyKey } from "@salus/protocol";
import { describe, expect, it } from "vitest";
import { treeOf } from "../src/commands/provider.ts";
import { endOf } from "../src/options.ts";
import { tame, tameJson } from "../src/tame.ts";

// Goal: what others have written does nothing to a terminal, and stands where it belongs.
// Method: control sequences in texts and JSON; a tree in which a hospital calls its own what it likes.

const HOSTILE = "\u001b]0;owned\u0007\u009b2J\u007f\u202etxet\u202c";

describe("a line of the program", () => {
  it("controls no terminal, and keeps its breaks", () => {
    expect(tame(`a\n\t${HOSTILE}`)).toBe("a\n\t\uFFFD]0;owned\uFFFD\uFFFD2J\uFFFD\uFFFDtxet\uFFFD");
  });

  it("says the same as JSON", () => {
    const text = tameJson({ name: HOSTILE, שרה: ["\n", "\u200f"] });
    expect(text).toMatch(/^[^\p{Cc}\p{Bidi_Control}]*$/u);
    expect(JSON.parse(text)).toEqual({ name: HOSTILE, שרה: ["\n", "\u200f"] });
  });
});

function provider(name: string, ...path: readonly string[]): Provider {
  const [node = "", parent = ""] = path.toReversed();
  const role = (["organisation", "department", "physician"] as const)[path.length - 1] ?? "device";
  const key = VerifyKey.of(new Uint8Array(32));
  const card = { sign: key, suite: 1 as const, kem: new Uint8Array(32) as KemKey };
  const rest = { identifiers: [], card, expires: 0, certificate: Digest.of(new Uint8Array(32)) };
  return { role, node, parent, path, name, ...rest, standing: "good" };
}

describe("the tree of providers", () => {
  it("has everybody once, below whoever has certified her", () => {
    const lines = treeOf([
      provider("Evil", "evil"),
      provider("Evil's own", "evil", "evil"),
      provider("Evil's North", "evil", "north"),
      provider("North", "north"),
      provider(`Dr ${HOSTILE}`, "north", "dr"),
    ]);
    expect(lines).toEqual([
      "Evil  [evil]",
      "├─ Evil's North  [north]",
      "└─ Evil's own  [evil]",
      "North  [north]",
      "└─ Dr \uFFFD]0;owned\uFFFD\uFFFD2J\uFFFD\uFFFDtxet\uFFFD  [dr]",
    ]);
  });
});

describe("an end", () => {
  it("is in time, and in a year of four digits", () => {
    const now = Date.parse("2026-11-22T12:00:00Z");
    expect(endOf("9999-12-31", now)).toMatchObject({ ok: true });
    for (const late of ["+010000-01-01T00:00:00Z", "9999y", "2026-11-21"]) {
      expect(endOf(late, now)).toMatchObject({ error: { kind: "usage" } });
    }
  });
});
