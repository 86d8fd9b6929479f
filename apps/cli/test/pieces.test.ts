import { type Piece, pieces } from "@salus/client/writer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

// Goal: however an input is laid out and however it is cut into chunks, the same values come out, a
// broken one costs no other, and a Bundle too large to hold comes entry by entry.
// Method: the same values laid out in every way, chunks of random sizes, and values of many MiB.

async function cut(text: string | Uint8Array, lines = false, sizes = [7]): Promise<Piece[]> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (let turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] as number;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  const found: Piece[] = [];
  for await (const piece of pieces(chunks(), lines)) found.push(piece);
  return found;
}

const texts = (found: readonly Piece[]): unknown[] =>
  found.map((piece) => (piece.kind === "broken" ? piece.fault : JSON.parse(piece.text)));

describe("layouts", () => {
  const values = [{ a: 'brace } and quote " and \\' }, { b: [{ c: {} }, []] }, {}];

  it("gives the same values for lines, one document after the other, and pretty print", () => {
    const layouts = [
      values.map((value) => JSON.stringify(value)).join("\n"),
      `${values.map((value) => JSON.stringify(value)).join("\r\n\r\n")}\n`,
      values.map((value) => JSON.stringify(value, null, 2)).join("\n"),
      `\ufeff${JSON.stringify(values[0])}\n${JSON.stringify(values[1])} ${JSON.stringify(values[2])}`,
    ];
    return Promise.all(
      layouts.map(async (layout) => expect(texts(await cut(layout))).toEqual(values)),
    );
  });

  it("gives any JSON objects back, cut anywhere", async () => {
    // An object that stands on the first line says that every line is a value.
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(object), sizes, fc.nat({ max: 3 }), async (all, cuts, indent) => {
        const plain = all.map((value) => JSON.parse(JSON.stringify(value)));
        const text = plain.map((value) => JSON.stringify(value, null, indent)).join("\n");
        expect(texts(await cut(text, false, cuts))).toEqual(plain);
      }),
    );
  });

  it("counts lines", async () => {
    const found = await cut('{"a":1}\n\n{"b":2}\n');
    expect(found.map((piece) => piece.line)).toEqual([1, 3]);
    const pretty = await cut('\n{\n"a":1}\n{"b":2}');
    expect(pretty.map((piece) => piece.line)).toEqual([2, 4]);
  });
});

describe("what is broken", () => {
  it("costs its own line only", async () => {
    const text = '{"a":1}\n{"b":\n}{\nnonsense\n["list"]\n{"c":3}\n{"d":"open\n{"e":5}';
    const found = await cut(text);
    expect(texts(found)).toEqual([
      { a: 1 },
      "not-json",
      "not-json",
      "not-json",
      "not-json",
      { c: 3 },
      "not-json",
      { e: 5 },
    ]);
    expect(found.map((piece) => piece.line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("costs the first line only, when the name says that lines are values", async () => {
    expect(texts(await cut('{"a":\n{"b":2}', true))).toEqual(["not-json", { b: 2 }]);
  });

  it("is said of a document that ends too early", async () => {
    expect(texts(await cut('{\n "a": [1,\n'))).toEqual(["truncated"]);
  });

  it("is said of bytes that are no text", async () => {
    const bytes = Uint8Array.from([...Buffer.from('{"a":"'), 0xff, 0xfe, ...Buffer.from('"}')]);
    expect(texts(await cut(bytes))).toEqual(["not-json"]);
  });

  it("is nothing at all for an empty input", async () => {
    expect(await cut(" \n\n")).toEqual([]);
  });
});

describe("a Bundle too large to hold", () => {
  const MIB = 1024 * 1024;
  const filler = (size: number): string => "x".repeat(size);
  const entry = (id: number, size: number): string =>
    `{"fullUrl":"urn:${id}","entry":[{"not":"an entry"}],"text":"${filler(size)}"}`;

  it("comes entry by entry, whatever stands before and after", async () => {
    const bundle = `{"meta":{"entry":[1]},"entry" :[${[3, 3, 3, 1]
      .map((size, at) => entry(at, size * MIB))
      .join(",\n")}],"type":"collection"}\n{"after":true}`;
    const found = await cut(bundle, false, [MIB]);
    expect(found.map((piece) => [piece.kind, piece.line])).toEqual([
      ["entry", 1],
      ["entry", 2],
      ["entry", 3],
      ["entry", 4],
      ["value", 5],
    ]);
    const urls = texts(found).map((value) => (value as { fullUrl: string }).fullUrl);
    expect(urls).toEqual(["urn:0", "urn:1", "urn:2", "urn:3", undefined]);
    expect(found.map((piece) => ("entry" in piece ? piece.entry : undefined))).toEqual([
      1,
      2,
      3,
      4,
      undefined,
    ]);
  });

  it("loses an entry that is too large itself, and no other", async () => {
    const bundle = `{"entry":[${entry(0, 5)},${entry(1, 33 * MIB)},${entry(2, 5)}]}`;
    const found = await cut(bundle, false, [MIB]);
    expect(found.map((piece) => piece.kind)).toEqual(["entry", "broken", "entry"]);
    expect(found.map((piece) => ("entry" in piece ? piece.entry : piece.kind))).toEqual([1, 2, 3]);
  });

  it("gives what came before it broke off", async () => {
    const bundle = `{"entry":[${entry(0, 5 * MIB)},${entry(1, 5 * MIB)},{"fullUrl"`;
    const found = await cut(bundle, false, [MIB]);
    expect(found.map((piece) => piece.kind)).toEqual(["entry", "entry", "broken"]);
  });
});
