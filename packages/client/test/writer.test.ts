import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

// Goal: a source's program cannot open what it seals: the code is not in it.
// Method: walk the imports of the writer, file by file; then bundle it, and look for the code itself.

const SRC = join(import.meta.dirname, "..", "src");

/** What opens records, grants and batch keys. Deliveries a source has to open. */
const OPENS = ["open", "unwrapBatchKey", "openGrant"];
const IMPORT = /import\s+(?:type\s+)?(\{[^}]*\}|\*\s+as\s+\w+)?\s*(?:from\s+)?"([^"]+)"/g;

interface Walk {
  readonly files: ReadonlySet<string>;
  /** `name from package`, of everything that is imported for its value. */
  readonly imported: ReadonlySet<string>;
}

/** Everything that a file needs at run time, followed through the package. */
function walk(entry: string, read = (path: string): string => readFileSync(path, "utf8")): Walk {
  const files = new Set<string>();
  const imported = new Set<string>();
  const visit = (path: string): void => {
    if (files.has(path)) return;
    files.add(path);
    const text = read(path).replaceAll(/\bexport\s+(?=\{[^}]*\}\s*from)/g, "import ");
    for (const [whole, names = "", from = ""] of text.matchAll(IMPORT)) {
      if (whole.startsWith("import type")) continue;
      const values = names.split(/[{},]/).filter((name) => !/^\s*(?:type\s|$)/.test(name));
      if (names !== "" && values.length === 0) continue;
      if (from.startsWith(".")) visit(join(dirname(path), from));
      for (const name of values) imported.add(`${name.trim().split(/\s/)[0]} from ${from}`);
    }
  };
  visit(entry);
  return { files, imported };
}

const writer = walk(join(SRC, "writer", "index.ts"));

describe("the writer", () => {
  it("imports no file that reads, owns or decrypts", () => {
    const paths = [...writer.files].map((path) => relative(SRC, path));
    expect(paths).toContain("writer/courier.ts");
    expect(paths.filter((path) => /^(?:reader|patient)\/|owner-keys/.test(path))).toEqual([]);
  });

  it("imports nothing that opens", () => {
    expect(writer.imported).toContain("seal from @salus/crypto");
    for (const name of OPENS) expect(writer.imported).not.toContain(`${name} from @salus/crypto`);
    expect([...writer.imported].filter((name) => name.startsWith("*"))).toEqual([]);
  });

  it("has none of the code that opens in its bundle, where the reader has it all", async () => {
    const sealing = await bundled("writer/index.ts");
    const reading = await bundled("index.ts");
    expect(sealing).toContain("function sealChunks");
    for (const name of ["openChunks", "openWith", "decodePadded", "unwrapBatchKey", "openGrant"]) {
      expect(sealing.includes(`function ${name}`), name).toBe(false);
      expect(reading.includes(`function ${name}`), name).toBe(true);
    }
  });
});

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(SRC, entry)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

describe("the walk", () => {
  it.each([
    [`import { open } from "@salus/crypto";`, "open from @salus/crypto"],
    [`import {\n  open as unseal,\n} from "@salus/crypto";`, "open from @salus/crypto"],
    [`import * as crypto from "@salus/crypto";`, "* from @salus/crypto"],
    [`export { open } from "@salus/crypto";`, "open from @salus/crypto"],
  ])("would find %s", (planted, found) => {
    expect(walk("planted.ts", () => planted).imported).toContain(found);
  });
});
