import { spawnSync } from "node:child_process";
import { readlinkSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openOrCreateHome } from "@salus/client/file";
import { processTree } from "../canary/scan.ts";
import { Choice } from "../oracle/random.ts";
import { connect, postmasterOf, type RunningCloud, serve, serverFolder } from "../running/cloud.ts";
import { lines, resources, type Shape } from "../running/hospitals.ts";
import { type Run, start, succeed } from "../running/program.ts";
import { compareLedger, keepLedger, type Ledger } from "./ledger.ts";

/** Ways in which a machine room fails. */
const DISASTERS = ["kill the cloud", "kill the database", "stop the database at once"] as const;
type Disaster = (typeof DISASTERS)[number];

/** What came of it. */
export interface CrashReport {
  readonly kills: number;
  /** Disasters that struck while the uploader was still at work. */
  readonly struck: Readonly<Record<Disaster, number>>;
  /** Uploaders that lived through it and did not wait for the cloud to come back. */
  readonly gaveUp: number;
  readonly acknowledged: number;
  readonly records: number;
  readonly expected: number;
  readonly faults: readonly string[];
  /** What `verify` said of it; it found no fault. */
  readonly verified: string;
}

/** Enough records for a second or so of uploading, in several vaults and from several sources. */
const ROUND: Shape = { patients: 2, hospitals: 2, departments: 1, physicians: 1, observations: 80 };
const OBSERVATIONS = 2 * 2 * 80;

/**
 * Import, and let something fail at a random moment; start again and resume; until it has failed
 * often enough. Then resume until everything is in, and compare what is stored with what was
 * acknowledged, seen by a witness that did not fail.
 *
 * Takes:   `folder`, empty; `seed`, which decides when and what; `progress`, told of each disaster.
 */
export async function crash(options: {
  readonly folder: string;
  readonly kills: number;
  readonly seed: number;
  readonly progress?: (line: string) => void;
}): Promise<CrashReport> {
  const { folder, kills } = options;
  const choice = new Choice(options.seed);
  const data = join(folder, "cloud");
  await beginHomes(folder);
  let cloud = await serve(data);
  const port = Number(new URL(cloud.url).port);
  const ledger = await keepLedger(cloud.url);
  const struck = Object.fromEntries(DISASTERS.map((name) => [name, 0])) as Record<Disaster, number>;
  let round = 0;
  let gaveUp = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const disaster = DISASTERS[kill % DISASTERS.length] as Disaster;
      const run = upload(folder, [round], ledger);
      await underWay(run, ledger, 1 + choice.below(2));
      await pause(choice.below(80));
      if (run.child.exitCode === null) struck[disaster] += 1;
      // The uploader waits for the cloud and goes on, or it fails with it and is started again.
      if (choice.chance(0.5)) run.child.kill("SIGKILL");
      await strike(disaster, cloud);
      cloud = await standUp(cloud, data, port);
      const outcome = await run.ended;
      const end = outcome.code ?? outcome.signal;
      options.progress?.(`${kill + 1} ${disaster}: uploader ended with ${end}`);
      if (outcome.code === 0) round += 1;
      else if (outcome.signal === null) gaveUp += 1;
    }
    const expected = ROUND.patients + (round + 1) * OBSERVATIONS;
    const found = await settle(folder, round, cloud, ledger);
    return { kills, struck, gaveUp, expected, ...found };
  } finally {
    await ledger.close();
    await cloud.stop();
  }
}

/** Resume until everything is in, and look at what is there. */
async function settle(
  folder: string,
  round: number,
  cloud: RunningCloud,
  ledger: Ledger,
): Promise<Pick<CrashReport, "acknowledged" | "records" | "faults" | "verified">> {
  await uploadAll(folder, round, ledger);
  const place = ["--home", join(folder, "homes"), "--cloud", cloud.url];
  const verified = await succeed(["verify", ...place]);
  const client = await connect(cloud.folder);
  const faults = await compareLedger(client, ledger.acknowledged());
  const { rows } = await client.query("select count(*) from record where revision = 1");
  await client.end();
  return {
    acknowledged: ledger.acknowledged().length,
    records: Number(rows[0].count),
    faults,
    verified: verified.stderr.trim().split("\n").at(-1) ?? "",
  };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const fileOf = (folder: string, round: number): string => join(folder, `round-${round}.ndjson`);

/** In the clear, as a demo has them: a passphrase would cost each uploader a third of its time. */
async function beginHomes(folder: string): Promise<void> {
  const home = await openOrCreateHome(join(folder, "homes"), { kind: "clear" });
  if (!home.ok) throw new Error(home.error.kind);
  await home.value.close();
}

function upload(folder: string, rounds: readonly number[], ledger: Ledger): Run {
  for (const round of rounds) writeFileSync(fileOf(folder, round), lines(renamed(round)));
  const files = rounds.map((round) => fileOf(folder, round));
  const home = join(folder, "homes");
  return start(["import", ...files, "--home", home, "--cloud", ledger.url]);
}

/** The same people and places in every round, and other observations. */
function* renamed(round: number): ReturnType<typeof resources> {
  for (const resource of resources(ROUND)) {
    const isNew = resource.resourceType === "Observation";
    yield isNew ? { ...resource, id: `r${round}-${resource.id}` } : resource;
  }
}

/** Import everything once more, with nothing failing. */
async function uploadAll(folder: string, last: number, ledger: Ledger): Promise<void> {
  const rounds = Array.from({ length: last + 1 }, (_, round) => round);
  const outcome = await upload(folder, rounds, ledger).ended;
  if (outcome.code !== 0) throw new Error(`nothing failed, and yet: ${outcome.stderr}`);
}

/**
 * Wait until the uploader has sent so many batches, or has nothing to send: what it takes by the clock
 * depends on the machine, and a disaster after it strikes nobody.
 */
async function underWay(run: Run, ledger: Ledger, batches: number): Promise<void> {
  const until = ledger.sent() + batches;
  while (ledger.sent() < until && run.child.exitCode === null) await pause(2);
}

async function strike(disaster: Disaster, cloud: RunningCloud): Promise<void> {
  switch (disaster) {
    case "kill the cloud":
      cloud.run.child.kill("SIGKILL");
      await cloud.run.ended;
      return;
    case "kill the database":
      for (const pid of processTree(postmasterOf(cloud.folder))) kill(pid);
      return;
    case "stop the database at once": {
      const postmaster = postmasterOf(cloud.folder);
      const bin = dirname(readlinkSync(`/proc/${postmaster}/exe`));
      const files = join(serverFolder(cloud.folder), "postgres");
      const { uid, gid } = statSync(files);
      const stop = ["stop", "-D", files, "-m", "immediate"];
      spawnSync(join(bin, "pg_ctl"), stop, { uid, gid, cwd: "/", stdio: "ignore" });
    }
  }
}

/** Some of the processes may have ended by themselves meanwhile, their parent being dead. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Have a cloud that answers: the same one when it lives, another one on its place when not. */
async function standUp(cloud: RunningCloud, data: string, port: number): Promise<RunningCloud> {
  for (;;) {
    if (cloud.run.child.exitCode !== null || cloud.run.child.signalCode !== null) {
      return serve(data, { port });
    }
    const healthy = await fetch(`${cloud.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return cloud;
    await pause(20);
  }
}
