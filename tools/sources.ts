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

/** Where a module may be named, with what may stand before the name. */
const IMPORTING = String.raw`(?:\b(?:from|import)|\b(?:import|require|resolve)\s*\()`;
const BLANK = String.raw`(?:\s|/\*[^]*?\*/|//[^\n]*\n)*`;
const IMPORT = new RegExp(`${IMPORTING}${BLANK}(["'\`])([^"'\`\n]+)\\1`, "g");
const UNREADABLE = new RegExp(
  String.raw`\bimport\s*\((?!${BLANK}(?:"[^"\n]+"|'[^'\n]+'|\`[^\`$\n]+\`)${BLANK}[,)])|\bcreateRequire\b|\bgetBuiltinModule\b`,
);

/** What a file imports: static, dynamic, side-effect and required modules alike. */
export function importsOf(file: SourceFile): readonly string[] {
  return [...file.text.matchAll(IMPORT)].map((match) => match[2] as string);
}

/** Whether a file imports by a name that it makes while it runs, which nobody can read here. */
export function importsUnread(file: SourceFile): boolean {
  return UNREADABLE.test(file.text);
}
