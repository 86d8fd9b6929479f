// Bundles the web application into apps/web/dist, with names that carry their content's hash, and
// says in `files.json` what there is: the site serves that, and the service worker keeps the shell.
//
//     node tools/build-web.mjs [--out DIR]
//
// The page, the worker that holds the keys, and the service worker are bundled on their own; what a
// screen needs late is split off. Their metafiles tell `tools/web.test.ts` what went where.

import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import { parseArgs, promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const ROOT = join(import.meta.dirname, "..");
const WEB = join(ROOT, "apps/web");
const { values } = parseArgs({ options: { out: { type: "string" } } });
const built = values.out ?? join(WEB, "dist/app");
/** A build that fails leaves the one before it as it was. */
const out = `${built}.${process.pid}`;

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const { version } = JSON.parse(await readFile(join(WEB, "package.json"), "utf8"));

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "esm",
  platform: "browser",
  target: ["chrome120", "firefox121", "safari17"],
  minify: true,
  sourcemap: false,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
  jsx: "automatic",
  loader: { ".woff2": "file" },
  outdir: out,
  assetNames: "files/[name]-[hash]",
  chunkNames: "files/[name]-[hash]",
  entryNames: "files/[name]-[hash]",
};

await mkdir(out, { recursive: true });
process.on("exit", () => rmSync(out, { recursive: true, force: true }));

const device = await build({
  ...common,
  entryPoints: { device: "apps/web/src/device/worker.ts" },
  splitting: true,
  define: { "process.env.NODE_ENV": '"production"' },
});
const page = await build({
  ...common,
  entryPoints: { page: "apps/web/src/app/main.tsx" },
  splitting: true,
  define: {
    "process.env.NODE_ENV": '"production"',
    DEVICE_SCRIPT: JSON.stringify(`/${nameOf(device, "apps/web/src/device/worker.ts")}`),
    SALUS_VERSION: JSON.stringify(version),
  },
});

const script = nameOf(page, "apps/web/src/app/main.tsx");
const style = Object.entries(page.metafile.outputs).find(
  ([, made]) => made.cssBundle !== undefined,
);
const html = await readFile(join(WEB, "src/index.html"), "utf8");
const sheet = style?.[1].cssBundle && relative(out, join(ROOT, style[1].cssBundle));
await writeFile(
  join(out, "index.html"),
  html
    .replace("<!-- style -->", sheet ? `<link rel="stylesheet" href="/${sheet}" />` : "")
    .replace("<!-- script -->", `<script type="module" src="/${script}"></script>`),
);
await cp(join(WEB, "public"), out, { recursive: true }).catch((error) => {
  if (error.code !== "ENOENT") throw error;
});

const shell = await filesOf(out);
await build({
  ...common,
  entryPoints: { "service-worker": "apps/web/src/service-worker/service-worker.ts" },
  entryNames: "[name]",
  format: "iife",
  define: {
    SALUS_VERSION: JSON.stringify(version),
    SHELL: JSON.stringify(shell.map(({ path, sha256 }) => ({ path, sha256 }))),
  },
});

const compressed = { br: promisify(brotliCompress), gz: promisify(gzip) };
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const files = await filesOf(out);
const TEXT = [".css", ".html", ".js", ".json", ".svg", ".webmanifest"];
const texts = files.filter(({ path }) => TEXT.includes(extname(path)));
await Promise.all(
  texts.flatMap((file) =>
    Object.entries(compressed).map(async ([ending, compress]) => {
      const bytes = await readFile(join(out, file.path));
      const small = await compress(bytes, ending === "br" ? quality : { level: 9 });
      file[ending] = small.length;
      await writeFile(join(out, `${file.path}.${ending}`), small);
    }),
  ),
);
await rm(built, { recursive: true, force: true });
await rename(out, built);
const beside = join(built, "..");
await writeFile(join(beside, "files.json"), JSON.stringify({ version, files }, null, 1));
await writeFile(join(beside, "page.meta.json"), JSON.stringify(page.metafile));
await writeFile(join(beside, "device.meta.json"), JSON.stringify(device.metafile));

/** The path, below `out`, of what an entry point became. */
function nameOf(result, entryPoint) {
  const [path] = Object.entries(result.metafile.outputs).find(
    ([, made]) => made.entryPoint === entryPoint,
  );
  return relative(out, join(ROOT, path));
}

async function filesOf(folder) {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = [];
  for (const entry of names) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const bytes = await readFile(full);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const path = relative(folder, full);
    found.push({
      path,
      type: TYPES[extname(path)] ?? "application/octet-stream",
      bytes: bytes.length,
      sha256,
    });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
