import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a child ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Loaded into a child before its program: when this process is gone, however it went, the child's
 * standard input ends and it asks itself to end too.
 */
const LEASH = `data:text/javascript,process.stdin.resume().on("end",()=>process.kill(process.pid,"SIGTERM"))`;

const KEPT_LINES = 20;
const PATIENCE_MS = 10_000;

export interface ChildOptions {
  /** Whether the program reads its standard input: then the end of that must end it. */
  readonly reads: boolean;
  /** What it finds in its environment besides. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A Node program that lives at most as long as this one: asked to end, and made to after a while. */
export class Child {
  readonly ended: Promise<Ended>;
  readonly #process: ChildProcess;
  readonly #said: string[] = [];
  #running = true;

  constructor(program: string, args: readonly string[], { reads, env }: ChildOptions) {
    const leash = reads ? [] : ["--import", LEASH];
    this.#process = spawn(process.execPath, [...leash, program, ...args], {
      stdio: ["pipe", "pipe", "pipe"],
      // Ctrl-C is for this process alone, which ends the others in their order.
      detached: true,
      env: { ...inherited(), ...env },
    });
    this.#process.stdin?.on("error", () => undefined);
    this.#readLines(this.#process.stderr, (line) => this.#keep(line));
    this.ended = new Promise((resolve) => {
      this.#process.once("error", (error) => {
        this.#keep(error.message);
        this.#running = false;
        resolve({ code: null, signal: null });
      });
      this.#process.once("close", (code, signal) => {
        this.#running = false;
        resolve({ code, signal });
      });
    });
  }

  /** Where to write what the child reads. */
  get input(): NodeJS.WritableStream {
    return this.#process.stdin as NodeJS.WritableStream;
  }

  /** The last line that it said on standard error, or what is known instead. */
  get lastWords(): string {
    return this.#said.at(-1) ?? "it said nothing";
  }

  /** What it said last on standard error. */
  get said(): readonly string[] {
    return this.#said;
  }

  onLine(take: (line: string) => void): void {
    this.#readLines(this.#process.stdout, take);
  }

  /** End it, and wait until it has. */
  async stop(): Promise<Ended> {
    if (this.#running) this.#process.kill("SIGTERM");
    const last = setTimeout(() => this.#process.kill("SIGKILL"), PATIENCE_MS);
    const ended = await this.ended;
    clearTimeout(last);
    return ended;
  }

  #readLines(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
    if (stream !== null) createInterface({ input: stream }).on("line", take);
  }

  #keep(line: string): void {
    this.#said.push(line);
    if (this.#said.length > KEPT_LINES) this.#said.shift();
  }
}

/** What is said of one server in the environment is not meant for the others: above all no database. */
function inherited(): NodeJS.ProcessEnv {
  const {
    PORT: _port,
    HOST: _host,
    DATA_DIR: _data,
    DATABASE_URL: _database,
    ...rest
  } = process.env;
  return rest;
}
