import { readdirSync } from "node:fs";
import { join } from "node:path";
import { openOrCreateHome } from "@salus/client/file";
import { type RunningCloud, serve } from "../running/cloud.ts";
import { temporaryFolder } from "../running/folder.ts";
import type { Outcome } from "../running/program.ts";
import { StandingProgram } from "../running/standing-program.ts";

/** A cloud, and a folder for homes and files: what a command is run against. */
export class ClinicCloud {
  readonly folder: ReturnType<typeof temporaryFolder> = temporaryFolder();
  readonly #program = new StandingProgram();
  #cloud: RunningCloud | undefined;

  async start(): Promise<void> {
    this.#cloud = await serve(join(this.folder.path, "cloud"));
  }

  async stop(): Promise<void> {
    this.#program.stop();
    await this.#cloud?.stop();
    this.folder.remove();
  }

  get url(): string {
    return this.#cloud?.url ?? "";
  }

  path(name: string): string {
    return join(this.folder.path, name);
  }

  /** Begin homes in the clear, as a demo has them: a passphrase costs half a second a command. */
  async homes(name: string): Promise<string> {
    const home = await openOrCreateHome(this.path(name), { kind: "clear" });
    if (!home.ok) throw new Error(home.error.kind);
    await home.value.close();
    return name;
  }

  /** Run a command on the homes of one name. */
  run(
    home: string,
    args: readonly string[],
    options: { readonly input?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
  ): Promise<Outcome> {
    const env = { SALUS_HOME: this.path(home), SALUS_CLOUD: this.url, ...options.env };
    return this.#program.run(args, { ...options, env });
  }
}

/** The lines of a result as JSON. */
export function jsonLines(outcome: Outcome): readonly Record<string, unknown>[] {
  return outcome.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Files below a folder that a finished run must not leave behind. */
export function leftovers(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(?:\.tmp|\.part|(?:^|\/)lock(?:\.[^/]*)?)$/.test(path),
  );
}
