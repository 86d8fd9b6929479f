import type { Provider } from "@salus/client";
import { Digest, type KemKey, VerifyKey } from "@salus/protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import { treeOf } from "../src/commands/provider.ts";
import { sayReport } from "../src/deciding/log-check.ts";
import { endOf } from "../src/options.ts";
import { Session } from "../src/session.ts";
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

afterEach(() => vi.restoreAllMocks());

/** What is written to standard output, and beside it, while something is said. */
function written(
  forMachines: boolean,
  say: (session: Session) => void,
): { readonly out: string; readonly beside: string } {
  const all = { out: "", beside: "" };
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    all.out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    all.beside += text;
    return true;
  });
  const session = new Session();
  session.forMachines = forMachines;
  say(session);
  vi.restoreAllMocks();
  return all;
}

describe("a result", () => {
  const columns = [{ title: "Name", value: (name: string) => name }];
  const list = { columns, json: (name: string) => ({ name }), none: "Nobody." };
  const say = (session: Session): void => {
    session.result("made ann", { made: "ann" });
    session.list({ ...list, rows: ["bo", "cy"] });
    session.list({ ...list, rows: [] });
    session.out("2 in all");
  };

  it("is text and tables for people", () => {
    const out = "made ann\nName\n────\nbo\ncy\nNobody.\n2 in all\n";
    expect(written(false, say)).toEqual({ out, beside: "" });
  });

  it("is lines of JSON for machines, and nothing else", () => {
    const out = '{"made":"ann"}\n{"name":"bo"}\n{"name":"cy"}\n';
    expect(written(true, say)).toEqual({ out, beside: "2 in all\n" });
  });
});

describe("a log that was checked", () => {
  const whole = { size: 30_000, leaves: 3, scanned: true, findings: 0, evidence: 0 };
  const account = { ...whole, lying: 0, unlogged: 0, untold: 0 };
  const amiss = (report: Parameters<typeof sayReport>[1]): number => {
    let count = -1;
    written(true, (session) => {
      count = sayReport(session, report);
    });
    return count;
  };

  it("is not whole where new leaves were not looked through, whichever log it is", () => {
    expect(amiss({ ...whole, directory: account })).toBe(0);
    expect(amiss({ ...whole, scanned: false, directory: account })).toBe(1);
    expect(amiss({ ...whole, directory: { ...account, scanned: false } })).toBe(1);
    const unread = { ...whole, scanned: false, directory: undefined };
    const { out, beside } = written(true, (session) => void sayReport(session, unread));
    expect(JSON.parse(out)).toMatchObject({ scanned: false, directory: null });
    expect(beside).toContain("salus log --everything");
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
