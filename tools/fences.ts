import { dirname, join } from "node:path";
import { importsOf, type SourceFile } from "./sources.ts";

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

/**
 * The imports of one part's source that its fence forbids, each as `path imports what`.
 *
 * Takes:   `part` such as `apps/cloud`, and its files. A relative path that leaves the part, an app, a package that is not
 *          allowed, and a `node:` module in isomorphic code are breaches.
 */
export function breaches(part: string, files: readonly SourceFile[]): readonly string[] {
  const allowed = MAY_IMPORT[part] ?? [];
  const isomorphic = ISOMORPHIC.some((name) => part === `packages/${name}`);
  const found: string[] = [];
  for (const file of files) {
    for (const imported of importsOf(file)) {
      const own = /^@salus\/([\w-]+)/.exec(imported)?.[1];
      const leaves =
        imported.startsWith(".") && !join(dirname(file.path), imported).startsWith(part);
      const forbidden = own !== undefined && !allowed.includes(own) && part !== `packages/${own}`;
      const node = imported.startsWith("node:") && isomorphic && !NODE_ONLY.test(file.path);
      if (leaves || forbidden || node) found.push(`${file.path} imports ${imported}`);
    }
  }
  return found;
}
