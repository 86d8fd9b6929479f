import { describe, expect, it } from "vitest";
import { homeFolder } from "../src/homes/person.ts";
import { countOf, endOf, listOf } from "../src/options.ts";
import { tableOf } from "../src/table.ts";
import { wordsOf } from "../src/words.ts";

// Goal: the small parts that every command uses do what their users type and see.

describe("a table", () => {
  const columns = [
    { title: "Name", value: (row: readonly string[]) => row[0] ?? "" },
    { title: "Empty", value: () => "" },
    { title: "Count", right: true, kept: true, value: (row: readonly string[]) => row[1] ?? "" },
  ];

  it("aligns columns, and leaves out those without a value", () => {
    const rows = [
      ["Ann", "7"],
      ["Charlotte", "1,024"],
    ];
    expect(tableOf(columns, rows)).toEqual([
      "Name       Count",
      "─────────  ─────",
      "Ann            7",
      "Charlotte  1,024",
    ]);
  });

  it("fits a terminal by cutting what may be cut first", () => {
    const rows = [["A very long name indeed", "123456789"]];
    expect(tableOf(columns, rows, 24)).toEqual([
      "Name               Count",
      "─────────────  ─────────",
      "A very long …  123456789",
    ]);
  });

  it("goes on in the next line with what a row is about, between words and at most five times", () => {
    const text = "Blood pressure panel with all children optional, and more";
    const lines = (width: number): readonly string[] =>
      tableOf([{ title: "What", kept: true, value: () => text }], [[]], width).slice(2);
    expect(lines(24)).toEqual(["Blood pressure panel", "with all children", "optional, and more"]);
    expect(lines(10)).toEqual(["Blood", "pressure", "panel with", "all", "children …"]);
  });

  it("aligns names of marks and of wide characters", () => {
    const rows = ["Olúṣẹ́gun", "\u674e\u56db", "Ann"].map((name) => [name, "1"]);
    const drawn = ["Olúṣẹ́gun      1", "\u674e\u56db          1", "Ann           1"];
    expect(tableOf(columns, rows).slice(2)).toEqual(drawn);
    expect(tableOf([columns[0] as never], [["\u674e\u56db\u5927"]], 5)[2]).toBe(
      "\u674e\u56db\u5927",
    );
  });

  it("keeps what a record says from moving the cursor", () => {
    const [, , line] = tableOf(columns, [["a\u001b[2Jb\n\tc\u202e", "1"]]);
    expect(line).toBe("a[2Jb c      1");
  });
});

describe("an option", () => {
  const now = Date.parse("2026-01-01T12:00:00Z");

  it.each([
    ["30d", "2026-01-31T12:00:00.000Z"],
    ["2w", "2026-01-15T12:00:00.000Z"],
    ["2026-06-30", "2026-06-30T23:59:59.999Z"],
    ["2026-06-30T10:00:00Z", "2026-06-30T10:00:00.000Z"],
  ])("until %s ends then", (text, expected) => {
    const end = endOf(text, now);
    expect(end.ok && new Date(end.value).toISOString()).toBe(expected);
  });

  it.each(["soon", "", "2025-12-31", "-3d", "9999999d"])("until %j is refused", (text) => {
    expect(endOf(text, now)).toMatchObject({ ok: false, error: { kind: "usage" } });
  });

  it("counts within its bounds, and lists by comma and repetition", () => {
    expect(countOf(1, 9)("7")).toBe(7);
    for (const wrong of ["0", "10", "1.5", "x", ""]) expect(() => countOf(1, 9)(wrong)).toThrow();
    expect(listOf("c", listOf("a, b,", undefined))).toEqual(["a", "b", "c"]);
  });
});

describe("the folder of a home", () => {
  it("is the id where that is a safe and unique name, and never leaves its place", () => {
    expect(homeFolder("patient", "17")).toBe("patients/17");
    expect(homeFolder("authority", "authority")).toBe("authority");
    const ids = ["Carl.2", "carl.2", "..", "a/b", "", "ü", "x".repeat(200), ".hidden", "CON"];
    const folders = ids.map((id) => homeFolder("organisation", id));
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(ids.length);
    for (const folder of folders) expect(folder).toMatch(/^sources\/[a-z0-9_][a-z0-9._-]{0,80}$/);
  });
});

describe("a failure", () => {
  it("is said with what is safe, and never with a server's own words", () => {
    const problem = "<script>you won</script>";
    const refused = { kind: "refused", status: 400, problem, detail: { kind: problem } };
    const words = wordsOf(refused as unknown as Parameters<typeof wordsOf>[0]);
    expect(words).toMatchObject({ what: "the server refuses (unnamed)", exit: 5 });
    expect(wordsOf({ kind: "unreachable" })).toMatchObject({ exit: 3 });
    expect(wordsOf({ kind: "passphrase-wrong" })).toMatchObject({ exit: 4 });
    const what = expect.stringMatching(/--cloud is another service/);
    expect(wordsOf({ kind: "another-service", wanted: "cloud" })).toMatchObject({ what, exit: 2 });
    const disk = { kind: "disk", code: "ENOENT", path: "/proc/x" } as const;
    expect(wordsOf(disk)).toMatchObject({ what: expect.stringContaining("/proc/x"), exit: 7 });
    const vault = new Uint8Array(32) as Parameters<typeof wordsOf>[0] extends infer F
      ? Extract<F, { vault: unknown }>["vault"]
      : never;
    expect(wordsOf({ kind: "rollback", what: "chain", vault })).toMatchObject({ exit: 6 });
  });
});
