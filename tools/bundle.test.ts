import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./sources.ts";

// Goal: what is shipped as the cloud holds no code that opens, seals or reads a record, and what is
// shipped as `salus` needs nothing that an installation does not bring.
// Method: build for real, and read what the bundler says went into each file.

interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly Imported[] }>>;
}
interface Imported {
  readonly path: string;
  readonly external?: boolean;
}

const BUNDLES = ["salus", "program", "cloud"];
const TRUSTED = /^packages\/(?:crypto|client|health)\//;

let out = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "salus-bundle-"));
  execFileSync(process.execPath, [join(ROOT, "tools/build.mjs"), "--out", out]);
});
afterAll(() => rmSync(out, { recursive: true }));

function metafile(name: string): Metafile {
  return JSON.parse(readFileSync(join(out, `${name}.meta.json`), "utf8"));
}

function inputs(name: string): readonly string[] {
  return Object.keys(metafile(name).inputs);
}

describe("the cloud's bundle", () => {
  it("starts at the cloud", () => {
    expect(inputs("cloud")).toContain("apps/cloud/src/main.ts");
  });

  it("contains nothing that decrypts, and nothing that knows what a record means", () => {
    expect(inputs("cloud").filter((path) => TRUSTED.test(path))).toEqual([]);
  });

  it("would be caught if it did", () => {
    expect(TRUSTED.test("packages/crypto/src/keys.ts")).toBe(true);
  });
});

describe("the program's bundles", () => {
  it("contain nothing of the cloud", () => {
    const both = ["salus", "program"].flatMap(inputs);
    expect(both.filter((path) => path.startsWith("apps/cloud/"))).toEqual([]);
  });

  it("keep what opens records out of the file that also starts the cloud", () => {
    expect(inputs("salus")).toEqual(["apps/cli/src/main.ts"]);
  });
});

describe("an installation", () => {
  it("brings every package that the bundles leave outside", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "apps/cli/package.json"), "utf8"));
    const missing = BUNDLES.flatMap((name) =>
      Object.values(metafile(name).inputs)
        .flatMap((input) => input.imports.filter((imported) => imported.external))
        .map((imported) => packageOf(imported.path))
        .filter((wanted) => wanted !== "" && manifest.dependencies[wanted] === undefined),
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  it("finds no package of the registry inside the bundles", () => {
    const inside = BUNDLES.flatMap(inputs);
    expect(inside.filter((path) => path.includes("node_modules/"))).toEqual([]);
  });

  it("runs with the versions that the packages were tested with", () => {
    const shipped = dependenciesOf("apps/cli");
    for (const part of ["packages/protocol", "packages/evaluate", "packages/crypto"].concat([
      "packages/health",
      "packages/client",
      "apps/cloud",
    ])) {
      expect(shipped, part).toMatchObject(dependenciesOf(part));
    }
  });
});

/** The package that an external import names; empty for a module of Node itself. */
function packageOf(path: string): string {
  if (path.startsWith("node:")) return "";
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}

function dependenciesOf(part: string): Readonly<Record<string, string>> {
  const manifest = JSON.parse(readFileSync(join(ROOT, part, "package.json"), "utf8"));
  const entries = Object.entries<string>(manifest.dependencies);
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith("@salus/")));
}
