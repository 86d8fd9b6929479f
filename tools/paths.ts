import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT, type SourceFile } from "./sources.ts";

const SKIPPED = new Set(["node_modules", "dist", ".git", ".data", "vectors"]);
/** What is said of earlier versions stays as it was said. */
const HISTORY = "CHANGELOG.md";

/** Every document and every file of code, whatever language it is in. */
export function writings(): readonly SourceFile[] {
  const found: SourceFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (entry.isFile() && /\.(?:md|tsx?|mts|mjs|py)$/.test(entry.name)) {
        found.push({ path: relative(ROOT, path), text: readFileSync(path, "utf8") });
      }
    }
  };
  visit(ROOT);
  return found.filter(({ path }) => path !== HISTORY);
}

const PATH = /(?<![\w/.@:~-])(?:packages|apps|bench|docs|spec|test|tools|vectors)\/[\w@./-]*[\w@]/g;
const LINK = /\]\(([^)#:\s]+)(?:#[^)]*)?\)/g;
const DECISION = /\bdecisions? (?=\d{4}\b)(\d{4})/g;
const SECTION = /\b[Ss]pec(?:: |\/)([a-z-]+)(?:\.md)?,? (§\d+(?:\.\d+)?)/g;
const SCRIPT = /\bnpm run (?:--silent )?([a-z]+)/g;

/** Files, folders, decisions, sections and commands that a text names and the project does not have. */
export function missing({ path, text }: SourceFile): readonly string[] {
  const all = (pattern: RegExp): readonly string[] =>
    [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
  const found = [
    ...all(PATH).filter((named) => !isThere(path, named)),
    ...(path.endsWith(".md")
      ? all(LINK).filter((link) => !existsSync(join(ROOT, dirname(path), link)))
      : []),
    ...all(DECISION).filter((number) => !begins(`docs/decisions/${number}`)),
    ...all(SCRIPT).filter((script) => !(script in scripts)),
  ];
  for (const [named, page = "", section = ""] of text.matchAll(SECTION)) {
    if (!headings(page).includes(section.slice(1))) found.push(named);
  }
  return found.map((named) => `${path} names ${named}`);
}

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

/** The numbers of a page's sections. */
function headings(page: string): readonly string[] {
  const path = join(ROOT, "spec", `${page}.md`);
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return [...text.matchAll(/^#+ (\d+(?:\.\d+)?)/gm)].map(([, number = ""]) => number);
}

/** From the root, from the part that the text is of, or a decision by its number. */
function isThere(path: string, named: string): boolean {
  const part = path.split("/").slice(0, 2).join("/");
  return existsSync(join(ROOT, named)) || existsSync(join(ROOT, part, named)) || begins(named);
}

function begins(named: string): boolean {
  const folder = join(ROOT, dirname(named));
  const beginning = named.slice(dirname(named).length + 1);
  return (
    existsSync(folder) &&
    readdirSync(folder).some(
      (name) => name.startsWith(`${beginning}-`) || name.startsWith(`${beginning}.`),
    )
  );
}
