import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openOrCreateHome } from "@salus/client/file";
import { type RunningCloud, serve, serveDirectory } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import { type Outcome, salus } from "../running/program.ts";
import { StandingProgram } from "../running/standing-program.ts";

export const PASSWORD = "correct horse battery";

/** A cloud, a directory that believes one authority, and people with a home each. */
export class Neighbours {
  readonly folder: ReturnType<typeof temporaryFolder> = temporaryFolder();
  authority = "";
  #cloud: RunningCloud | undefined;
  #directory: RunningCloud | undefined;
  #program: StandingProgram | undefined;

  /** Takes: `standing`, whether one process runs the commands, until `eachAlone`, instead of one each. */
  constructor({ standing = false }: { readonly standing?: boolean } = {}) {
    this.#program = standing ? new StandingProgram() : undefined;
  }

  async start(): Promise<void> {
    await this.clearHome("registry");
    const authority = await this.run("registry", ["org", "authority"]);
    this.authority = authority.stdout.trim();
    [this.#cloud, this.#directory] = await Promise.all([
      serve(this.path("cloud")),
      serveDirectory(this.path("directory"), { args: ["--authority", this.authority] }),
    ]);
  }

  async stop(): Promise<void> {
    this.#program?.stop();
    await Promise.all([this.#cloud?.stop(), this.#directory?.stop()]);
    this.folder.remove();
  }

  /** From here on each command is run by a process of its own, as somebody types it. */
  eachAlone(): void {
    this.#program?.stop();
    this.#program = undefined;
  }

  get cloud(): string {
    return this.#cloud?.url ?? "";
  }

  path(name: string): string {
    return join(this.folder.path, name);
  }

  /** Begin a home in the clear, as a demo has them: a passphrase costs half a second a command. */
  async clearHome(name: string): Promise<void> {
    const home = await openOrCreateHome(this.path(name), { kind: "clear" });
    if (!home.ok) throw new Error(home.error.kind);
    await home.value.close();
  }

  /** Run a command of somebody, whatever comes of it. */
  try(
    home: string,
    args: readonly string[],
    { input, env = {} }: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Outcome> {
    const known = {
      SALUS_HOME: this.path(home),
      SALUS_CLOUD: this.cloud || "http://127.0.0.1:9",
      SALUS_DIRECTORY: this.#directory?.url ?? "http://127.0.0.1:9",
      SALUS_PASSPHRASE: `passphrase of ${home}`,
      SALUS_PASSWORD: PASSWORD,
    };
    const options = { ...(input !== undefined && { input }), env: { ...known, ...env } };
    return this.#program?.run(args, options) ?? salus(args, options);
  }

  /** Run a command of somebody, and insist that it succeeds. */
  async run(home: string, args: readonly string[], input?: string): Promise<Outcome> {
    const outcome = await this.try(home, args, input === undefined ? {} : { input });
    if (outcome.code === 0) return outcome;
    throw new Error(
      `${home}: salus ${args.join(" ")} ended with ${outcome.code}: ${outcome.stderr}`,
    );
  }

  /** Run a command that says one line of JSON. */
  async json<T>(home: string, args: readonly string[]): Promise<T> {
    const { stdout } = await this.run(home, [...args, "--json"]);
    return JSON.parse(stdout) as T;
  }

  /** Sign somebody up in a home of her own. */
  async signUp(home: string, role: string): Promise<SignedUp> {
    const who = ["--login", `${home}@example.org`, "--name", `${home} of Town`, "--role", role];
    return this.json(home, ["signup", ...who, "--authority", this.authority, "--yes"]);
  }

  /** Found a hospital, with an administrator, and have it certified. */
  async hospital(node: string): Promise<void> {
    await this.clearHome(node);
    await this.signUp(node, "administrator");
    const { stdout } = await this.run(node, ["org", "found", node, `${node} Hospital`]);
    const file = this.path(`${node}.json`);
    writeFileSync(file, stdout);
    await this.run("registry", ["org", "certify", file]);
  }

  /** Give a hospital a physician, with an account and a home of her own. */
  async physician(node: string, hospital: string): Promise<SignedUp> {
    await this.clearHome(node);
    const signedUp = await this.signUp(node, "practitioner");
    const order = ["--org", hospital, "--node", node, "--name", `${node} of Town`];
    const { invitation } = await this.json<Invited>(hospital, ["invite", "join", ...order]);
    await this.json(node, ["invite", "accept", invitation]);
    await this.json(hospital, ["invite", "collect"]);
    return signedUp;
  }

  /** Have a patient let a hospital in. Gives: the vault that the hospital writes into from then on. */
  async associate(patient: string, hospital: string): Promise<string> {
    const order = ["invite", "associate", patient, "--org", hospital];
    const { invitation } = await this.json<Invited>(hospital, order);
    const { vault } = await this.json<Associated>(patient, ["associate", invitation, "--yes"]);
    const answer = await this.json<Associated>(hospital, ["invite", "collect"]);
    if (answer.vault !== vault) throw new Error(`${hospital} learned another vault than hers`);
    return vault;
  }

  /** Upload what a physician of a hospital has recorded. Gives: how many records are new. */
  async upload(hospital: string, vault: string, records: readonly Recorded[]): Promise<number> {
    const lines = [{ vault }, ...records].map((line) => `${JSON.stringify(line)}\n`);
    const home = `${hospital}/sources/${hospital}`;
    const { stdout } = await this.run(home, ["source", "run", "--node", hospital], lines.join(""));
    const last = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Uploaded;
    return last.done.records;
  }

  /** What a search finds: ids of records, sorted. */
  async found(home: string, query: string): Promise<readonly string[]> {
    const { stdout } = await this.run(home, ["search", query, "--json"]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    const matches = lines.slice(0, -1).map((line) => JSON.parse(line) as { resource: Found });
    return matches.map(({ resource }) => resource.id).sort();
  }
}

interface Invited {
  readonly invitation: string;
}
interface Associated {
  readonly vault: string;
}
interface Found {
  readonly id: string;
}
interface Uploaded {
  readonly done: { readonly records: number };
}

export interface SignedUp {
  readonly login: string;
  readonly deviceSecret: string;
  readonly phrase: readonly string[];
  /** The authenticator's secret, in base32. */
  readonly authenticator: string;
  readonly vault?: string;
}

/** A resource, and who below the organisation has recorded it. */
export interface Recorded {
  readonly resource: object;
  readonly path: readonly string[];
}
