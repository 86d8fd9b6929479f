import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const ROOT: string = join(import.meta.dirname, "..");

/** A source file of the project, by its path from the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const SKIPPED = new Set(["node_modules", "dist", ".git", ".data", "vectors"]);

/** Every TypeScript file below a folder of the project. */
export function sources(folder: string): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (entry.isFile() && /\.(?:ts|tsx|mts)$/.test(entry.name)) {
        found.push({ path: relative(ROOT, path), text: readFileSync(path, "utf8") });
      }
    }
  };
  visit(join(ROOT, folder));
  return found;
}

const IMPORT =
  /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*|\bresolve\s*\(\s*)["']([^"'\n]+)["']/g;

/** What a file imports: static, dynamic, side-effect and required modules alike. */
export function importsOf(file: SourceFile): readonly string[] {
  return [...file.text.matchAll(IMPORT)].map((match) => match[1] as string);
}
