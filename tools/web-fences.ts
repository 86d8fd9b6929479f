import { dirname, join } from "node:path";
import type { SourceFile } from "./sources.ts";

// The two halves of the web application (decision 0080): the device holds keys and plaintext, the page
// shows what it is given.

const DEVICE = "apps/web/src/device/";
const STATEMENT = /\b(import|export)\s+(type\s+)?([^;]*?)\bfrom\s*["']([^"'\n]+)["']/g;
const OTHER = /\bimport\s*(?:\(\s*)?["']([^"'\n]+)["']/g;

/** What the page may import of the project as values. */
const OF_THE_PAGE = ["@salus/base"];

/**
 * Imports by which code that holds keys would get into the page, or screens into the device.
 *
 * Takes:   files of `apps/web/src`.
 */
export function halfBreaches(files: readonly SourceFile[]): readonly string[] {
  const found: string[] = [];
  for (const file of files) {
    const isDevice = file.path.startsWith(DEVICE);
    for (const imported of valueImports(file)) {
      const target = imported.startsWith(".") ? join(dirname(file.path), imported) : imported;
      const keys = target.startsWith("@salus/") && !OF_THE_PAGE.includes(target);
      const crosses = isDevice
        ? target.startsWith("apps/web/src/") && !target.startsWith(DEVICE)
        : target.startsWith(DEVICE) || keys;
      if (crosses) found.push(`${file.path} imports ${imported}`);
    }
  }
  return found;
}

function valueImports({ text }: SourceFile): readonly string[] {
  const statements = [...text.matchAll(STATEMENT)]
    .filter(([, , type]) => type === undefined)
    .map((match) => match[4] as string);
  return [...statements, ...[...text.matchAll(OTHER)].map((match) => match[1] as string)];
}
