import { builtinModules } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { importsOf, importsUnread, type SourceFile } from "./sources.ts";

/** What the source of each part may import from the project. No app is imported but the gateway, which `cli` starts. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "packages/base": [],
  "packages/protocol": ["base"],
  "packages/evaluate": ["base", "protocol"],
  "packages/crypto": ["base", "protocol", "evaluate"],
  "packages/health": ["base"],
  "packages/client": ["base", "protocol", "evaluate", "crypto", "health"],
  "packages/service": ["base", "protocol", "evaluate"],
  "packages/testkit": ["base", "protocol", "evaluate", "crypto", "health", "client", "service"],
  // Not crypto, ever: these are the untrusted half.
  "apps/cloud": ["base", "protocol", "evaluate", "service"],
  "apps/directory": ["base", "protocol", "evaluate", "service"],
  // Nor crypto here: it passes on what it cannot read.
  "apps/site": ["base", "service"],
  "apps/gateway": ["base", "protocol", "health", "client"],
  "apps/cli": ["base", "protocol", "health", "client", "gateway"],
  // Its halves have a fence of their own: web-fences.ts.
  "apps/web": ["base", "protocol", "health", "client"],
};

/** Parts whose `src` must run in a browser: `node:` only in files named for it. */
const ISOMORPHIC = ["base", "protocol", "evaluate", "crypto", "health", "client"];
const NODE_ONLY = /(?:^|\/)(?:engine\/node|file|file-[\w-]+|node)(?:\.ts$|\/)/;

/** Where a module is found while the program runs: a bundle of its own, and the database's binaries. */
const FIND_WHILE_RUNNING = [
  ...["apps/cli/src/main.ts", "apps/cli/src/commands/gateway.ts"],
  "packages/service/src/database/binaries.ts",
];

/**
 * The imports of one part's source that its fence forbids, each as `path imports what`.
 *
 * Takes:   `part` such as `apps/cloud`, and its files. A path that leaves the part, an app, a package that is not allowed,
 *          a module of Node's in isomorphic code, and a name that is made while the program runs are breaches.
 */
export function breaches(part: string, files: readonly SourceFile[]): readonly string[] {
  const allowed = MAY_IMPORT[part] ?? [];
  const isomorphic = ISOMORPHIC.some((name) => part === `packages/${name}`);
  const found: string[] = [];
  for (const file of files) {
    for (const imported of importsOf(file)) {
      const own = /^@salus\/([\w-]+)/.exec(imported)?.[1];
      const inside = join(dirname(file.path), imported).startsWith(`${part}/`);
      const leaves = isAbsolute(imported) || (imported.startsWith(".") && !inside);
      const forbidden = own !== undefined && !allowed.includes(own) && part !== `packages/${own}`;
      const node = isOfNode(imported) && isomorphic && !NODE_ONLY.test(file.path);
      if (leaves || forbidden || node) found.push(`${file.path} imports ${imported}`);
    }
    if (importsUnread(file) && !FIND_WHILE_RUNNING.includes(file.path)) {
      found.push(`${file.path} imports what nobody can read`);
    }
  }
  return found;
}

/** Node knows its modules by their bare names too. */
function isOfNode(imported: string): boolean {
  return imported.startsWith("node:") || builtinModules.includes(imported);
}
