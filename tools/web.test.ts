import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, type SourceFile, sources } from "./sources.ts";
import { halfBreaches } from "./web-fences.ts";

// Goal: the page of the web application holds no key and no plaintext beyond what it shows, and stays
// small; each rule is shown to catch a breach.
// Method: the sources as text, and the bundles by their metafiles.

const SOURCE = sources("apps/web/src");
const BUDGET_BYTES = 250_000;

function plant(path: string, text: string): SourceFile[] {
  return [{ path: `apps/web/src/${path}`, text }];
}

describe("the halves", () => {
  it("stay apart", () => {
    expect(halfBreaches(SOURCE)).toEqual([]);
  });

  it.each([
    ["the client in the page", "home/x.tsx", `import { Reader } from "@salus/client";`],
    ["code of the device in the page", "home/x.tsx", `import { open } from "../device/open.ts";`],
    ["a late import", "home/x.tsx", `const d = await import("../device/open.ts");`],
    ["a re-export", "home/x.tsx", `export { Reader } from "@salus/client";`],
    ["a screen in the device", "device/x.ts", `import { Page } from "../parts/page.tsx";`],
  ])("catches %s", (_, path, text) => {
    expect(halfBreaches(plant(path, text))).toHaveLength(1);
  });

  it("lets types through", () => {
    const text = `import type { Problem } from "../device/problem.ts";`;
    expect(halfBreaches(plant("home/x.tsx", text))).toEqual([]);
  });
});

describe("what the page never does", () => {
  it.each([
    [
      "put markup into the document",
      /dangerouslySetInnerHTML|\.innerHTML\b|insertAdjacentHTML/,
      "",
    ],
    ["style by attribute, which the policy refuses", /\sstyle=\{/, ""],
    [
      "keep anything in the browser but the language and the scheme",
      /localStorage|sessionStorage/,
      "text/text.tsx|settings/",
    ],
    ["speak to another origin", /["'`]https?:\/\/(?!localhost)/, "device/|text/"],
  ])("%s", (_, pattern, except) => {
    const others = SOURCE.filter(({ path }) => except === "" || !new RegExp(except).test(path));
    expect(others.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
        readonly inputs: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

describe("the bundles", () => {
  const out = mkdtempSync(join(tmpdir(), "salus-web-"));
  let page: Metafile;
  let device: Metafile;

  beforeAll(() => {
    execFileSync(process.execPath, ["tools/build-web.mjs", "--out", join(out, "app")], {
      cwd: ROOT,
    });
    page = JSON.parse(readFileSync(join(out, "page.meta.json"), "utf8"));
    device = JSON.parse(readFileSync(join(out, "device.meta.json"), "utf8"));
  });

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it("of the page hold nothing that decrypts", () => {
    const inputs = Object.values(page.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    expect(inputs.length).toBeGreaterThan(50);
    expect(
      inputs.filter((path) => /^packages\/(?!base\/)|^node_modules\/@(?:noble|hpke)/.test(path)),
    ).toEqual([]);
  });

  it("are within the budget before somebody signs in", () => {
    const files = join(out, "app/files");
    const bytes =
      loadedAtFirst(page, "main.tsx", files) + loadedAtFirst(device, "worker.ts", files);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  });
});

/**
 * Bytes, gzipped, of an entry and all that it imports at once.
 *
 * Takes:   `files`, where the bundles are now: they were built in another folder, and moved.
 */
function loadedAtFirst({ outputs }: Metafile, name: string, files: string): number {
  const [entry = ""] =
    Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(name)) ?? [];
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === "import-statement") load(next);
    }
  };
  load(entry);
  return [...loaded]
    .filter((path) => path.endsWith(".js"))
    .map((path) => readFileSync(join(files, basename(path))))
    .reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0);
}
