import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Secret, TOTP } from "otpauth";
import { afterAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../running/folder.ts";
import { type Outcome, salus, start } from "../running/program.ts";
import { jsonLines, leftovers } from "./clinic-cloud.ts";

// Goal: one command shows everything on invented patients, hospitals are processes of their own with
// keys of their own, and when it is asked to end nothing stays behind: no process, no half file.
// Method: start it twice in one folder, look at its processes, ask it questions from outside, end it.

const folder = temporaryFolder();
afterAll(() => folder.remove());

const ENVIRONMENT = { DATA_DIR: folder.path, PORT: "0" };
const ARGS = ["demo", "--patients", "2", "--hospitals", "2"];
const HOME = join(folder.path, "home");

interface Demo {
  readonly url: string;
  /** Command lines of the processes below it, seen while it was starting. */
  readonly children: ReadonlySet<string>;
  said(): { readonly stdout: string; readonly stderr: string };
  end(signal: NodeJS.Signals): Promise<Outcome>;
}

async function demo(until: (said: { stdout: string; stderr: string }) => boolean): Promise<Demo> {
  const run = start(ARGS, { env: ENVIRONMENT });
  const children = new Set<string>();
  while (!until(run.said())) {
    if (run.child.exitCode !== null) throw new Error((await run.ended).stderr);
    for (const line of processesOf(folder.path)) children.add(line);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: /^ready (\S+)$/m.exec(run.said().stdout)?.[1] ?? "",
    children,
    said: () => run.said(),
    end: (signal) => {
      run.child.kill(signal);
      return run.ended;
    },
  };
}

/** Command lines of processes that have the folder in theirs. */
function processesOf(path: string): readonly string[] {
  const listed = execFileSync("ps", ["-eo", "args", "--no-headers", "-ww"], { encoding: "utf8" });
  return listed.split("\n").filter((line) => line.includes(path) && !line.startsWith("ps "));
}

function directoryOf(stderr: string): string {
  return /^DIRECTORY_URL (\S+)$/m.exec(stderr)?.[1] ?? "";
}

/** Sign in on a new device, with nothing but what the demo has printed of somebody. */
async function signInAs(stderr: string, cloud: string): Promise<void> {
  const told = /patient +.*\n.*login (\S+) +password “(.*)”\n.*secret (\S+) .* (\S+)\n/.exec(
    stderr,
  );
  const [, login = "", password = "", secret = "", authenticator = ""] = told ?? [];
  // The code of sign-up counted once; the next one is taken early.
  const totp = new TOTP({ secret: Secret.fromBase32(authenticator) });
  const code = totp.generate({ timestamp: Date.now() + 30_000 });
  const env = {
    SALUS_HOME: join(folder.path, "tablet"),
    SALUS_CLOUD: cloud,
    SALUS_DIRECTORY: directoryOf(stderr),
    SALUS_PASSPHRASE: "of the tablet",
    SALUS_PASSWORD: password,
    SALUS_DEVICE_SECRET: secret,
  };
  const args = ["login", "--login", login, "--role", "patient", "--code", code];
  const entered = await salus(args, { env });
  expect([entered.code, entered.stdout], entered.stderr).toEqual([0, `signed in as ${login}\n`]);
}

const isReady = ({ stdout }: { stdout: string }): boolean => stdout.includes("ready ");
const hasLed = ({ stderr }: { stderr: string }): boolean => stderr.includes("Ctrl-C ends it.");

describe("a demo", () => {
  it("starts everything, shows it, answers others, and ends with nothing left", async () => {
    const running = await demo(hasLed);
    const { stdout, stderr } = running.said();
    expect(stdout).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(stderr).toMatch(/asks all her hospitals at once[\s\S]*The cloud saw one request/);
    expect(stderr).toContain("the same key finds 0: it has no key for them.");
    const sources = [...running.children].filter((line) => line.includes("source run"));
    const homes = sources.map((line) => /--home (\S+)/.exec(line)?.[1]);
    expect(new Set(homes)).toEqual(new Set(["h1", "h2"].map((id) => join(HOME, "sources", id))));
    const env = { SALUS_HOME: HOME, SALUS_CLOUD: running.url };
    const verified = await salus(["verify", "--json"], { env });
    expect(verified.code, verified.stderr).toBe(0);
    expect(jsonLines(verified)).toHaveLength(2);
    await signInAs(stderr, running.url);
    const accounts = { ...env, SALUS_DIRECTORY: directoryOf(stderr) };
    const [waiting] = jsonLines(
      await salus(["requests", "--as", "p0001", "--json"], { env: accounts }),
    );
    const who = { identifier: "email|p0001@demo.salus.example" };
    expect(waiting).toMatchObject({ state: "pending", who });
    const [given] = jsonLines(
      await salus(["grants", "--as", "p0001", "--json"], { env: accounts }),
    );
    const narrowed = ["allergies", "conditions", "laboratory", "medications", "vitals"];
    expect(given).toMatchObject({ state: "live" });
    expect(new Set(given?.categories as readonly string[])).toEqual(new Set(narrowed));
    // Its gateway has the home of a hospital: its keys alone are tried.
    const keys = join(folder.path, "keys-of-h1");
    const isLock = (path: string): boolean => basename(path).startsWith("lock");
    cpSync(join(HOME, "sources/h1"), keys, { recursive: true, filter: (path) => !isLock(path) });
    const own = { ...env, SALUS_HOME: keys };
    expect((await salus(["search", "Observation"], { env: own })).code).toBe(5);
    const gateways = processesOf(folder.path).filter((line) => line.includes("source serve"));
    expect(gateways).toHaveLength(2);

    const ended = await running.end("SIGTERM");
    expect([ended.code, ended.signal]).toEqual([0, null]);
    expect(processesOf(folder.path)).toEqual([]);
    expect(leftovers(HOME)).toEqual([]);
  });

  it("finds everything there when it starts again, and ends on Ctrl-C too", async () => {
    const running = await demo(isReady);
    expect(running.said().stderr).toContain("with 0 new index entries");
    const ended = await running.end("SIGINT");
    expect(ended.code).toBe(0);
    expect(processesOf(folder.path)).toEqual([]);
  });

  it("refuses a folder that holds another one", async () => {
    const outcome = await salus([...ARGS, "--seed", "5"], { env: ENVIRONMENT });
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toContain("holds another demo");
    expect(processesOf(folder.path)).toEqual([]);
  });

  it.each([400, 1200, 2000])("asked to end after %i ms leaves nothing behind", async (delay) => {
    const other = temporaryFolder();
    const run = start(ARGS, { env: { DATA_DIR: other.path, PORT: "0" } });
    await new Promise((resolve) => setTimeout(resolve, delay));
    run.child.kill("SIGTERM");
    const ended = await run.ended;
    // On a machine that is busy it may be asked before it has begun to run.
    const unborn = ended.signal === "SIGTERM" && ended.stderr === "";
    expect(unborn || [ended.code, ended.signal]).toEqual(unborn || [0, null]);
    expect(processesOf(other.path)).toEqual([]);
    const home = join(other.path, "home");
    expect(existsSync(home) ? leftovers(home) : []).toEqual([]);
    other.remove();
  });

  it("takes its processes with it when it is killed", async () => {
    const running = await demo(({ stderr }) => stderr.includes("Starting"));
    while (!processesOf(folder.path).some((line) => line.includes("source run"))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await running.end("SIGKILL");
    const until = Date.now() + 20_000;
    while (processesOf(folder.path).length > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(processesOf(folder.path)).toEqual([]);
    expect(existsSync(join(HOME, "sources/h1/home.json"))).toBe(true);
    expect(readdirSync(HOME)).not.toContain("home.json.tmp");
  });
});
