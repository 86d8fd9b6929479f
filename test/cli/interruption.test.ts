import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { start } from "../running/program.ts";
import { ndjson, PATIENTS, PROVIDERS, pressure } from "./clinic.ts";
import { ClinicCloud, jsonLines, leftovers } from "./clinic-cloud.ts";

// Goal: an import that meets a full disk, or is killed outright, goes on where it stopped: nothing is
// missing, and nothing is there twice.
// Method: kill it at several moments while it uploads, run it again each time, and count what is found
// and how often each record was written.

const clinic = new ClinicCloud();
beforeAll(() => clinic.start());
afterAll(() => clinic.stop());

const RECORDS = 3_000;
const SIGNALS = ["SIGKILL", "SIGINT", "SIGKILL"] as const;
const UPLOADS =
  /^salus_request_seconds_count\{.*route="\/v1\/vaults\/:vault\/batches",status="200"/;

const input = ndjson([
  ...PROVIDERS,
  ...PATIENTS,
  ...Array.from({ length: RECORDS }, (_, at) => {
    const patient = at % 2 === 0 ? "ann" : "Carl.2";
    const performer = [{ reference: `Organization/${at % 3 === 0 ? "north" : "south"}` }];
    const day = new Date(Date.UTC(2010, 0, 1 + at)).toISOString().slice(0, 10);
    return pressure(`r${at}`, patient, 90 + (at % 100), day, { performer });
  }),
]);

it("goes on after a full disk, kill -9 and Ctrl-C, with nothing missing and nothing twice", async () => {
  const home = await clinic.homes("home");
  const env = { SALUS_HOME: clinic.path(home), SALUS_CLOUD: clinic.url };
  const full = await start(["import", "-"], { input, env, fileKiB: 64 }).ended;
  expect([full.code, full.stderr]).toEqual([7, expect.stringContaining("[disk]")]);
  for (const signal of SIGNALS) {
    const before = await batches();
    // What a kill cut off stays beside the file that it was to become; Ctrl-C adds nothing to it.
    const cutOff = leftovers(clinic.path(home));
    const run = start(["import", "-"], { input, env });
    // One batch later each time, and somewhere inside the next.
    while (run.child.exitCode === null && (await batches()) === before) await pause(10);
    run.child.kill(signal);
    const ended = await run.ended;
    if (signal === "SIGKILL") continue;
    expect([ended.code, ended.stderr]).toEqual([130, expect.stringContaining("[interrupted]")]);
    expect(cutOff).toEqual(expect.arrayContaining([...leftovers(clinic.path(home))]));
  }
  const last = await clinic.run(home, ["import", "-", "--json"], { input });
  expect(last.code, last.stderr).toBe(0);
  const [report] = jsonLines(last) as unknown as [{ stored: number; unchanged: number }];
  expect(report.stored + report.unchanged).toBe(RECORDS + PATIENTS.length);
  expect(report.unchanged).toBeGreaterThan(0);

  const found = await clinic.run(home, ["search", "Observation?code=8480-6", "--json"]);
  expect(found.code, found.stderr).toBe(0);
  const matches = jsonLines(found).slice(0, -1) as { revision: number; resource: { id: string } }[];
  expect(new Set(matches.map(({ resource }) => resource.id)).size).toBe(RECORDS);
  expect(matches).toHaveLength(RECORDS);
  expect(new Set(matches.map(({ revision }) => revision))).toEqual(new Set([1]));
  const verified = await clinic.run(home, ["verify"]);
  expect(verified.code, verified.stdout).toBe(0);
});

/** How many batches the cloud has taken, as it counts itself. */
async function batches(): Promise<number> {
  const metrics = await fetch(`${clinic.url}/metrics`).then((answer) => answer.text());
  const line = metrics.split("\n").find((one) => UPLOADS.test(one));
  return Number(line?.split(" ").at(-1) ?? 0);
}
