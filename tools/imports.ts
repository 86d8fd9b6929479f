import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT, type SourceFile } from "./sources.ts";

/** One import of another file of the project. */
interface Import {
  /** The file, by its path from the root. */
  readonly path: string;
  /** What is taken from it; none where all of it is. */
  readonly names: readonly string[] | undefined;
  /** Whether it is handed on to who imports this file. */
  readonly handsOn: boolean;
}

const STATIC = /^(import|export)\s+(?:type\s+)?([^"'`;]*?)\bfrom\s+"([^"]+)"/gm;
const WHOLE = /\bimport\s*\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm;

/** What each file imports of the others. */
function importsAmong(files: readonly SourceFile[]): ReadonlyMap<string, readonly Import[]> {
  const paths = new Set(files.map(({ path }) => path));
  const graph = new Map<string, Import[]>();
  for (const { path: from, text } of files) {
    const found: Import[] = [];
    const add = (module: string, names: readonly string[] | undefined, handsOn: boolean): void => {
      const path = fileOf(from, module);
      if (path !== undefined && paths.has(path)) found.push({ path, names, handsOn });
    };
    for (const [, verb, clause = "", module = ""] of text.matchAll(STATIC)) {
      add(module, namesIn(clause), verb === "export");
    }
    for (const [, called, bare] of text.matchAll(WHOLE))
      add(called ?? bare ?? "", undefined, false);
    graph.set(from, found);
  }
  return graph;
}

/** The names between the braces of an import, as the other file calls them. */
function namesIn(clause: string): readonly string[] | undefined {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1];
  return braces
    ?.split(",")
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, "")
        .replace(/\s+as\s.*$/s, ""),
    )
    .filter((name) => name !== "");
}

/** Which file a module is, if it is one of the project. */
function fileOf(from: string, module: string): string | undefined {
  if (module.startsWith(".")) return join(dirname(from), module);
  const [, name, subpath = ""] = /^@salus\/([\w-]+)(\/.*)?$/.exec(module) ?? [];
  if (name === undefined) return undefined;
  for (const folder of [`packages/${name}`, `apps/${name}`]) {
    const target = manifestOf(folder)?.exports?.[`.${subpath}`];
    if (target !== undefined) return join(folder, target);
  }
  return undefined;
}

type Manifest = { readonly exports?: Readonly<Record<string, string>> } | undefined;
const manifests = new Map<string, Manifest>();

function manifestOf(folder: string): Manifest {
  if (!manifests.has(folder)) {
    try {
      manifests.set(folder, JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")));
    } catch {
      manifests.set(folder, undefined);
    }
  }
  return manifests.get(folder);
}

/** Files that import each other in a circle, each as the way from one of them back to it. */
export function circles(files: readonly SourceFile[]): readonly string[] {
  const graph = importsAmong(files);
  const found: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (path: string): void => {
    const begun = way.indexOf(path);
    if (begun >= 0) found.push([...way.slice(begun), path].join(" -> "));
    if (begun >= 0 || done.has(path)) return;
    way.push(path);
    for (const imported of graph.get(path) ?? []) visit(imported.path);
    way.pop();
    done.add(path);
  };
  for (const { path } of files) visit(path);
  return found;
}

const DEFINED = /^export\s+(?:async\s+)?(?:abstract\s+)?(?:function\*?|const|let|class)\s+(\w+)/gm;

/**
 * Functions, values and classes that a file gives out and nobody takes, each as `path name`.
 *
 * Types may be given out with what speaks of them; what an index hands on counts as taken only where
 * somebody takes it there.
 */
export function unusedExports(files: readonly SourceFile[]): readonly string[] {
  const graph = importsAmong(files);
  const takers = new Map<string, Import[]>();
  for (const imports of graph.values()) {
    for (const taken of imports) {
      if (!taken.handsOn) takers.set(taken.path, [...(takers.get(taken.path) ?? []), taken]);
    }
  }
  const handedOn = new Map<string, string[]>();
  for (const [from, imports] of graph) {
    for (const { path, handsOn, names } of imports) {
      for (const name of handsOn ? (names ?? []) : []) {
        handedOn.set(`${path} ${name}`, [...(handedOn.get(`${path} ${name}`) ?? []), from]);
      }
    }
  }
  const isTaken = (path: string, name: string): boolean =>
    (takers.get(path) ?? []).some(({ names }) => names === undefined || names.includes(name)) ||
    (handedOn.get(`${path} ${name}`) ?? []).some((index) => isTaken(index, name));
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(DEFINED)]
      .map(([, name = ""]) => name)
      .filter((name) => !isTaken(path, name))
      .map((name) => `${path} ${name}`),
  );
}
