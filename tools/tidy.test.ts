import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { breaches, MAY_IMPORT } from "./fences.ts";
import { ROOT, type SourceFile, sources } from "./sources.ts";

// Goal: the rules of the house hold in every file, and each rule is shown to catch a breach.
// Method: read the files as text; each check first runs over a planted fault.

const PARTS = Object.keys(MAY_IMPORT);
const EVERYTHING = [...["packages", "apps", "tools", "test", "bench"].flatMap(sources)];

function plant(path: string, text: string): SourceFile[] {
  return [{ path, text }];
}

describe("import fences", () => {
  it.each(PARTS)("%s imports only what it may", (part) => {
    expect(breaches(part, sources(`${part}/src`))).toEqual([]);
  });

  it.each([
    ["a static import", `import { open } from "@salus/crypto";`],
    ["a type import", `import type { Key } from "@salus/crypto";`],
    ["a subpath", `import { open } from "@salus/client/file";`],
    ["a re-export", `export { open } from "@salus/crypto";`],
    ["a dynamic import", `const crypto = await import("@salus/crypto");`],
    ["a require", `const crypto = require("@salus/crypto");`],
    ["a side effect", `import "@salus/health";`],
    ["an import over several lines", `await import(\n  /* as it is */ "@salus/crypto"\n);`],
    ["a name in a template", "const crypto = await import(`@salus/crypto`);"],
    ["a name that is put together", `const crypto = await import("@salus/" + "crypto");`],
    ["a name in a variable", `const crypto = await import(name);`],
    ["a require that is made", `createRequire(import.meta.url)("@salus/" + name);`],
    ["an absolute path", `import { open } from "/srv/salus/packages/crypto/src/envelope.ts";`],
    [
      "a path around the package",
      `import { open } from "../../../packages/crypto/src/envelope.ts";`,
    ],
  ])("catches %s of decrypting code in the cloud", (_, text) => {
    expect(breaches("apps/cloud", plant("apps/cloud/src/planted.ts", text))).toHaveLength(1);
  });

  it.each(["packages/service", "apps/directory"])("catches decrypting code in %s", (part) => {
    const text = `import { open } from "@salus/crypto";`;
    expect(breaches(part, plant(`${part}/src/planted.ts`, text))).toHaveLength(1);
  });

  it("catches a service in what runs on a device", () => {
    const planted = plant("apps/cli/src/planted.ts", `import { openPool } from "@salus/service";`);
    expect(breaches("apps/cli", planted)).toHaveLength(1);
  });

  it.each(["node:crypto", "crypto", "fs/promises"])("catches %s in code for a browser", (name) => {
    const planted = plant("packages/crypto/src/planted.ts", `import { hkdf } from "${name}";`);
    expect(breaches("packages/crypto", planted)).toHaveLength(1);
  });

  it.each(PARTS)("%s declares the same packages that it may import", (part) => {
    const manifest = JSON.parse(readFileSync(join(ROOT, part, "package.json"), "utf8"));
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter((name) => name.startsWith("@salus/"))
      .map((name) => name.slice("@salus/".length));
    expect(MAY_IMPORT[part]).toEqual(expect.arrayContaining(declared));
  });

  it.each(PARTS)("%s references no project that it may not import", (part) => {
    const config = JSON.parse(readFileSync(join(ROOT, part, "tsconfig.json"), "utf8"));
    const referenced = config.references.map((entry: { path: string }) =>
      entry.path.split("/").at(-1),
    );
    expect(MAY_IMPORT[part]).toEqual(expect.arrayContaining(referenced));
  });
});

/** A call that only the named files may make. */
interface Reserved {
  readonly what: string;
  readonly pattern: RegExp;
  readonly only: RegExp;
  readonly planted: string;
}

const RESERVED: readonly Reserved[] = [
  {
    what: "key bytes are revealed only inside crypto",
    pattern: /\bKey\.reveal\(/,
    // The canary sweep looks for the bytes of keys where they must not be.
    only: /^packages\/crypto\/|^test\/canary\//,
    planted: "Key.reveal(key)",
  },
  {
    what: "ciphers are called only by the engines",
    pattern: /\b(?:createCipheriv|createDecipheriv|subtle\.(?:en|de)crypt)\b/,
    // The directory seals what is its own at rest: decision 0056.
    only: /^packages\/(?:crypto|evaluate)\/src\/engine\/|^apps\/directory\/(?:src\/service-keys|test\/service-keys\.test)\.ts$|^(?:packages\/\w+\/test|bench|test)\//,
    planted: "createCipheriv(algorithm, key, iv)",
  },
  {
    what: "randomness never comes from Math.random",
    pattern: /\bMath\.random\(/,
    only: /^$/,
    planted: "Math.random()",
  },
  {
    what: "SQL stands only in the stores, databases and migrations of the servers",
    pattern: /\bsql`|\.selectFrom\(|\.insertInto\(|\.deleteFrom\(|\.updateTable\(/,
    only: /^(?:apps\/(?:cloud|directory)|packages\/service)\/(?:src\/(?:store|database|migrations|log)|test)\/|^(?:test|bench)\//,
    planted: "db.selectFrom(table)",
  },
];

describe("reserved calls", () => {
  it.each(RESERVED)("$what", ({ pattern, only }) => {
    const found = EVERYTHING.filter(({ path, text }) => pattern.test(text) && !only.test(path));
    expect(found.map(({ path }) => path).filter((path) => path !== "tools/tidy.test.ts")).toEqual(
      [],
    );
  });

  it.each(RESERVED)("the check that $what can fail", ({ pattern, planted }) => {
    expect(pattern.test(planted)).toBe(true);
  });
});

describe("marks", () => {
  const MARK = new RegExp(
    `\\b(?:${["FIX", "TO"].map((a, i) => a + ["ME", "DO"][i]).join("|")})\\b`,
  );
  const SWITCHED_OFF = /\.(?:only|todo)\(|\bx(?:it|describe)\(/;

  it("none are left in the code", () => {
    expect(EVERYTHING.filter(({ text }) => MARK.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it("no test is switched off", () => {
    const tests = EVERYTHING.filter(({ path }) => path.endsWith(".test.ts"));
    expect(tests.filter(({ text }) => SWITCHED_OFF.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("size", () => {
  const LINES = 400;
  const lengthOf = ({ text }: SourceFile): number => text.split("\n").length - 1;
  const tooLong = (files: readonly SourceFile[]): readonly string[] =>
    files.filter((file) => lengthOf(file) > LINES).map(({ path }) => path);

  it("no file, source or test, is longer than a reader's patience", () => {
    expect(tooLong(EVERYTHING)).toEqual([]);
  });

  it("catches a file that is", () => {
    const lines = (count: number): string => "x\n".repeat(count);
    expect(tooLong(plant("test/planted.test.ts", lines(LINES)))).toEqual([]);
    expect(tooLong(plant("test/planted.test.ts", lines(LINES + 1)))).toHaveLength(1);
  });
});

describe("the threat model", () => {
  const rows = readFileSync(join(ROOT, "docs/threat-model.md"), "utf8")
    .split("\n")
    .filter((line) => /^\| [A-Z]\d/.test(line));

  it("has a name of its own for every row", () => {
    const ids = rows.map((row) => row.split("|")[1]?.trim());
    expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([]);
  });

  it("names for every row a test that exists", () => {
    const tests = rows.map((row) => /`([^`]+\.test\.ts)` \|$/.exec(row)?.[1] ?? row);
    expect(rows.length).toBeGreaterThan(15);
    expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([]);
  });
});

describe("a program that goes on until it is told to end", () => {
  it("takes the place of the shell that npm starts it by, which would keep the signal", () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    for (const name of ["start", "salus"]) expect(scripts[name]).toMatch(/ && exec node /);
  });
});

describe("the package lock", () => {
  it("names no registry", () => {
    const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
    expect(lock).not.toMatch(/"resolved": "(?:https?|git)/);
  });

  it("pins every dependency exactly", () => {
    const manifests = ["package.json", ...PARTS.map((part) => `${part}/package.json`)];
    for (const path of manifests) {
      const manifest = JSON.parse(readFileSync(join(ROOT, path), "utf8"));
      const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
      const loose = versions.filter(
        ([name, version]) =>
          !name.startsWith("@salus/") && !/^(?:npm:[\w@/-]+@)?\d/.test(String(version)),
      );
      expect(loose, path).toEqual([]);
    }
  });

  it("every dependency has a line that says why", () => {
    const reasons = readFileSync(join(ROOT, "docs/dependencies.md"), "utf8");
    const manifests = ["package.json", ...PARTS.map((part) => `${part}/package.json`)];
    const names = manifests.flatMap((path) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, path), "utf8"));
      return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    });
    const missing = names.filter(
      (name) => !name.startsWith("@salus/") && !reasons.includes(`\`${name}\``),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});
