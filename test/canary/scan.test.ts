/**
 * Goal: the sweep finds what it is sent for. A sweep that finds nothing shows nothing by itself.
 * Method: hide a secret in every encoding, in bytes, across chunks, in files, and in the memory of
 * another process.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../running/folder.ts";
import { patternsOf, patternsOfNumber } from "./encodings.ts";
import { processTree, sweepBytes, sweepChunks, sweepFolder, sweepProcesses } from "./scan.ts";

const SECRET = "qzheron7-dreizehn>>??";
const patterns = patternsOf(SECRET, Buffer.from(SECRET));
const folder = temporaryFolder();
afterAll(folder.remove);

const encodingsIn = (bytes: Buffer): string[] =>
  sweepBytes(bytes, "here", patterns).hits.map(({ encoding }) => encoding);

describe("encodings", () => {
  it.each<[string, Buffer]>([
    ["utf-8", Buffer.from(SECRET)],
    ["utf-16le", Buffer.from(SECRET, "utf16le")],
    ["utf-16be", Buffer.from(SECRET, "utf16le").swap16()],
    ["hex", Buffer.from(Buffer.from(SECRET).toString("hex"))],
    ["HEX", Buffer.from(Buffer.from(SECRET).toString("hex").toUpperCase())],
  ])("finds %s, and no other", (encoding, bytes) => {
    const hidden = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]);
    expect(encodingsIn(hidden)).toEqual([encoding]);
  });

  it("finds base64 and base64url whatever stands before and after", () => {
    for (let before = 0; before < 6; before += 1) {
      for (let after = 0; after < 3; after += 1) {
        const text = `${"x".repeat(before)}${SECRET}${"y".repeat(after)}`;
        for (const encoding of ["base64", "base64url"] as const) {
          const found = encodingsIn(Buffer.from(Buffer.from(text).toString(encoding)));
          expect(
            found.some((name) => name.startsWith("base64")),
            `${before} ${after}`,
          ).toBe(true);
        }
      }
    }
  });

  it("finds a number as a double", () => {
    const bytes = Buffer.alloc(24);
    bytes.writeDoubleLE(731.948265, 5);
    expect(sweepBytes(bytes, "here", patternsOfNumber(731.948265)).hits.length).toBe(1);
    expect(sweepBytes(bytes, "here", patternsOfNumber(731.948266)).hits.length).toBe(0);
  });

  it("finds exactly what is there, however patterns overlap", () => {
    const letters = (minLength: number, maxLength: number): fc.Arbitrary<Buffer> =>
      fc
        .array(fc.integer({ min: 0, max: 2 }), { minLength, maxLength })
        .map((values) => Buffer.from(values));
    const sought = fc.array(letters(2, 6), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(letters(0, 40), sought, (bytes, contents) => {
        const several = contents.map((content, at) => ({
          secret: String(at),
          encoding: "as it is",
          bytes: content,
        }));
        const { hits } = sweepBytes(bytes, "here", several);
        const there = several.filter((one) => bytes.includes(one.bytes));
        expect(hits.map(({ secret }) => secret).sort()).toEqual(there.map(({ secret }) => secret));
      }),
    );
  });

  it("finds nothing where nothing is", () => {
    expect(encodingsIn(Buffer.from("qzheron7-dreizehn>>?"))).toEqual([]);
  });
});

describe("places", () => {
  it("finds what lies across two chunks", () => {
    const text = Buffer.from(`before ${SECRET} after`);
    for (let cut = 1; cut < text.length; cut += 1) {
      const chunks = [text.subarray(0, cut), text.subarray(cut)];
      expect(sweepChunks(chunks, "here", patterns).hits.length).toBe(1);
    }
  });

  it("finds what lies in a file, and says in which", () => {
    const file = join(folder.path, "large");
    writeFileSync(file, Buffer.concat([Buffer.alloc(9_000_000), Buffer.from(SECRET)]));
    const { bytes, hits } = sweepFolder(folder.path, patterns);
    expect(bytes).toBe(9_000_000 + SECRET.length);
    expect(hits).toEqual([{ secret: SECRET, encoding: "utf-8", place: file }]);
  });

  it("finds what another process only has in memory", async () => {
    const program = `
      const heard = []; process.stdin.on("data", (chunk) => { heard.push(chunk); console.log("heard"); });`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      child.stdin.write(SECRET);
      await once(child.stdout, "data");
      expect(processTree(process.pid)).toContain(child.pid);
      const { bytes, hits } = sweepProcesses([child.pid as number], patterns);
      expect(bytes).toBeGreaterThan(1_000_000);
      expect(hits.some(({ encoding }) => encoding === "utf-8")).toBe(true);
    } finally {
      child.kill();
    }
  });
});
