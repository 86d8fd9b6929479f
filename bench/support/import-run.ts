import { spawn } from "node:child_process";
import { join } from "node:path";

const PROGRAM = join(import.meta.dirname, "../../apps/cli/dist/salus.mjs");

/** What one import did. */
export interface ImportRun {
  readonly stored: number;
  readonly seconds: number;
}

/**
 * Import files into new homes and a new cloud, as a user does: two processes and an embedded database.
 *
 * Takes:   `folder`, empty but for the files.
 */
export async function importFiles(folder: string, files: readonly string[]): Promise<ImportRun> {
  const serve = ["serve", "--port", "0", "--data", join(folder, "cloud")];
  const cloud = spawn(process.execPath, [PROGRAM, ...serve], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      cloud.stdout.on("data", (text) => {
        const ready = /^ready (\S+)/m.exec(String(text))?.[1];
        if (ready !== undefined) resolve(ready);
      });
      cloud.on("exit", () => reject(new Error("the cloud ended before it was ready")));
    });
    return await importInto(url, join(folder, "home"), files);
  } finally {
    const ended = new Promise((resolve) => cloud.on("exit", resolve));
    cloud.kill("SIGTERM");
    await ended;
  }
}

async function importInto(url: string, home: string, files: readonly string[]): Promise<ImportRun> {
  const start = performance.now();
  const importing = spawn(
    process.execPath,
    [PROGRAM, "import", ...files, "--home", home, "--cloud", url, "--json"],
    {
      env: { ...process.env, SALUS_PASSPHRASE: "only for this measurement" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  let said = "";
  importing.stdout.on("data", (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => importing.on("close", resolve));
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return { stored: JSON.parse(said).stored, seconds };
}
