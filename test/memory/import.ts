import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { population, type Resource } from "@salus/health";
import { serve } from "../running/cloud.ts";
import { start } from "../running/program.ts";

/** The most that each process ever had resident, and what was done meanwhile. */
export interface MemoryReport {
  readonly records: number;
  readonly seconds: number;
  readonly importMiB: number;
  readonly cloudMiB: number;
}

/**
 * Import at least so many records of an invented population, and read from the kernel how much
 * memory the importing process and the cloud had at their peaks. The database is not counted.
 *
 * Takes:   `folder`, empty.
 */
export async function measureImport(folder: string, atLeast: number): Promise<MemoryReport> {
  const file = join(folder, "population.ndjson");
  const records = await writePopulation(file, atLeast);
  const cloud = await serve(join(folder, "cloud"));
  try {
    const began = performance.now();
    const run = start(["import", file, "--home", join(folder, "homes"), "--cloud", cloud.url], {
      env: { SALUS_PASSPHRASE: "much to remember" },
    });
    let importMiB = 0;
    const sampling = setInterval(() => {
      importMiB = Math.max(importMiB, peakMiB(run.child.pid as number));
    }, 100);
    const outcome = await run.ended;
    clearInterval(sampling);
    if (outcome.code !== 0)
      throw new Error(`the import ended with ${outcome.code}: ${outcome.stderr}`);
    const seconds = (performance.now() - began) / 1000;
    return { records, seconds, importMiB, cloudMiB: cloudPeakMiB(cloud.pid) };
  } finally {
    await cloud.stop();
  }
}

async function writePopulation(file: string, atLeast: number): Promise<number> {
  const out = createWriteStream(file);
  const write = async (resource: Resource): Promise<void> => {
    if (!out.write(`${JSON.stringify(resource)}\n`)) {
      await new Promise<void>((resolve) => out.once("drain", resolve));
    }
  };
  const world = population({ seed: 3, patients: atLeast, hospitals: 6, years: 30 });
  for (const organisation of world.organisations) {
    await write(organisation.resource);
    for (const department of organisation.departments) {
      await write(department.resource);
      for (const physician of department.physicians) await write(physician.resource);
    }
  }
  let written = 0;
  for (const { patient, records } of world.patients) {
    await write(patient);
    written += 1;
    for (const { resource } of records) {
      await write(resource);
      written += 1;
    }
    if (written >= atLeast) break;
  }
  await new Promise<void>((resolve) => out.end(resolve));
  return written;
}

/** The kernel's high-water mark of one process; nothing of one that has ended. */
function peakMiB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** `serve` runs the cloud as a child of its own: the larger of the two is the cloud. */
function cloudPeakMiB(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(/\s+/);
  const nodes = children.filter((child) => commandOf(Number(child)).includes("cloud.mjs"));
  return Math.max(...[pid, ...nodes.map(Number)].map(peakMiB));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
