import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { temporaryFolder } from "../running/folder.ts";

// Goal: what `npm pack` packs is a whole `salus`: it finds nothing in this checkout, and needs nothing
// but the packages that it declares.
// Method: unpack it elsewhere, beside the declared packages only, and let it run both of its halves.

const ROOT = join(import.meta.dirname, "../..");
const PACKAGE = join(ROOT, "apps/cli");

const folder = temporaryFolder();
afterAll(() => folder.remove());

it("is packed whole, and runs from where it is installed", () => {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder.path], {
    cwd: PACKAGE,
    encoding: "utf8",
  });
  const archive = join(folder.path, packed.trim().split("\n").at(-1) ?? "");
  const modules = join(folder.path, "node_modules");
  const installed = join(modules, "@salus/cli");
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", archive, "-C", installed, "--strip-components=1"]);
  expect(readdirSync(join(installed, "dist")).sort()).toEqual([
    "cloud.mjs",
    "definitions.br",
    "directory.mjs",
    "gateway.mjs",
    "program.mjs",
    "salus.mjs",
    "site.mjs",
    "web",
  ]);

  const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  const salus = join(installed, manifest.bin.salus);
  const said = (...args: string[]): string =>
    execFileSync(salus, args, {
      cwd: folder.path,
      encoding: "utf8",
      env: { PATH: process.env.PATH },
    });
  expect(said("--version")).toBe(`${manifest.version}\n`);
  expect(said("help", "search")).toContain("Usage: salus search");
  for (const server of ["cloud", "directory", "site"]) {
    const args = [join(installed, `dist/${server}.mjs`), "--help"];
    expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toContain("--port");
  }
  const listed = JSON.parse(readFileSync(join(installed, "dist/web/files.json"), "utf8"));
  const missing = listed.files.filter(
    ({ path }: { path: string }) => !existsSync(join(installed, "dist/web/app", path)),
  );
  expect(missing).toEqual([]);
});
