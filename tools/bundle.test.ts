import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./sources.ts";

// Goal: what is shipped as the cloud, the directory or the site holds no code that opens, seals or reads a record, and what is
// shipped as `salus` needs nothing that an installation does not bring.
// Method: build for real, and read what the bundler says went into each file.

interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly Imported[] }>>;
}
interface Imported {
  readonly path: string;
  readonly external?: boolean;
}

/** What only subpaths for browsers import. */
const OF_BROWSERS = new Set(["idb"]);
const SERVERS = ["cloud", "directory", "site"];
const BUNDLES = ["salus", "program", "gateway", ...SERVERS];
const TRUSTED = /^packages\/(?:crypto|client|health)\//;

let out = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "salus-bundle-"));
  execFileSync(process.execPath, [join(ROOT, "tools/build.mjs"), "--without-web", "--out", out]);
});
afterAll(() => rmSync(out, { recursive: true }));

function metafile(name: string): Metafile {
  return JSON.parse(readFileSync(join(out, `${name}.meta.json`), "utf8"));
}

function inputs(name: string): readonly string[] {
  return Object.keys(metafile(name).inputs);
}

describe.each(SERVERS)("the bundle of the %s", (name) => {
  it("starts at its program, and holds no other server", () => {
    expect(inputs(name)).toContain(`apps/${name}/src/main.ts`);
    const apps = inputs(name).filter((path) => path.startsWith("apps/"));
    expect(apps.filter((path) => !path.startsWith(`apps/${name}/`))).toEqual([]);
  });

  it("contains nothing that decrypts, and nothing that knows what a record means", () => {
    expect(inputs(name).filter((path) => TRUSTED.test(path))).toEqual([]);
  });

  it("would be caught if it did", () => {
    expect(TRUSTED.test("packages/crypto/src/keys.ts")).toBe(true);
  });
});

describe("the program's bundles", () => {
  it("contain nothing of the servers", () => {
    const both = ["salus", "program", "gateway"].flatMap(inputs);
    const servers = /^(?:apps\/(?:cloud|directory|site)|packages\/service)\//;
    expect(both.filter((path) => servers.test(path))).toEqual([]);
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
      "packages/service",
      "apps/cloud",
      "apps/directory",
      "apps/site",
    ])) {
      const needed = Object.entries(dependenciesOf(part)).filter(
        ([name]) => !OF_BROWSERS.has(name),
      );
      expect(shipped, part).toMatchObject(Object.fromEntries(needed));
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
