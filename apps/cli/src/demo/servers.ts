import { hostname } from "node:os";
import { join } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import type { Child } from "../processes/child.ts";
import { freePort } from "../processes/port.ts";
import { type RunningServer, type ServerSettings, startServer } from "../processes/server.ts";
import type { Failure, ServerName } from "../words.ts";

/** The two services of a demo, each with a database of its own. */
export interface Services {
  readonly cloud: RunningServer;
  readonly directory: RunningServer;
}

/** Where the site of a demo listens. */
export interface SitePlace {
  readonly port: number;
  readonly host: string;
  readonly tls: boolean;
}

const PORT = 8080;

/** Starts the servers of a demo, and ends them, whatever happens to the rest. */
export class Servers {
  readonly #children: Child[] = [];
  readonly #data: string;
  readonly #authority: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** Takes: `authority`, whom the directory and the application believe about practitioners. */
  constructor(data: string, authority: string, environment: NodeJS.ProcessEnv) {
    this.#data = data;
    this.#authority = authority;
    this.#environment = environment;
  }

  /** The file that tells the application who the people of a demo are. */
  get people(): string {
    return join(this.#data, "site", "demo.json");
  }

  /**
   * Find a port for the site: passkeys belong to its address, so the directory must know it first.
   *
   * Fails:   `usage`; `server-failed`: `PORT` is taken. Where none was asked for, any other is as good.
   */
  async findPlace({ host, tls }: Omit<SitePlace, "port">): Promise<Result<SitePlace, Failure>> {
    const { PORT: text, WEB_ORIGIN } = this.#environment;
    if (!tls && !WEB_ORIGIN?.startsWith("https:") && !isLoopback(host)) {
      const what = `${host} is reached from other machines, where browsers want TLS`;
      return fail({ kind: "usage", what, next: "add --tls." });
    }
    const asked = text || undefined;
    const wanted = portOf("site", asked, PORT);
    if (!wanted.ok) return wanted;
    const found = await freePort(host, wanted.value);
    if (found !== undefined) return ok({ host, tls, port: found });
    const other = asked === undefined ? await freePort(host, 0) : undefined;
    if (other !== undefined) return ok({ host, tls, port: other });
    const said = `cannot listen on ${host}:${wanted.value} [address-in-use]`;
    return fail({ kind: "server-failed", name: "site", said });
  }

  /**
   * Start cloud and directory side by side.
   *
   * Takes:   of the environment `CLOUD_PORT` and `DATABASE_URL`, `DIRECTORY_PORT` and `DIRECTORY_DATABASE_URL`.
   * Fails:   `usage`, `server-failed`.
   */
  async startServices(place: SitePlace): Promise<Result<Services, Failure>> {
    const { CLOUD_PORT, DATABASE_URL, DIRECTORY_PORT, DIRECTORY_DATABASE_URL, WEB_ORIGIN } =
      this.#environment;
    const web = WEB_ORIGIN || originsOf(place);
    const env = { AUTHORITIES: this.#authority, SMS: "outbox", WEB_ORIGIN: web };
    const [cloud, directory] = await Promise.all([
      this.#startOne("cloud", CLOUD_PORT, { database: DATABASE_URL || undefined }),
      this.#startOne("directory", DIRECTORY_PORT, {
        database: DIRECTORY_DATABASE_URL || undefined,
        env,
      }),
    ]);
    if (!cloud.ok) return cloud;
    return directory.ok ? ok({ cloud: cloud.value, directory: directory.value }) : directory;
  }

  /** Start the site before both. Fails: `server-failed`. */
  startSite(
    { cloud, directory }: Services,
    { port, host, tls }: SitePlace,
  ): Promise<Result<RunningServer, Failure>> {
    const args = ["--cloud", cloud.url, "--directory", directory.url, "--host", host];
    args.push("--demo", this.people);
    if (tls) args.push("--tls");
    const env = { AUTHORITIES: this.#authority };
    return this.#start("site", { data: join(this.#data, "site"), port, args, env });
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  async #startOne(
    name: ServerName,
    asked: string | undefined,
    settings: Pick<ServerSettings, "database" | "env">,
  ): Promise<Result<RunningServer, Failure>> {
    const port = portOf(name, asked || undefined, 0);
    if (!port.ok) return port;
    return this.#start(name, { data: join(this.#data, name), port: port.value, ...settings });
  }

  #start(name: ServerName, settings: ServerSettings): Promise<Result<RunningServer, Failure>> {
    return startServer(name, settings, (child) => {
      this.#children.push(child);
    });
  }
}

function portOf(
  name: ServerName,
  asked: string | undefined,
  usual: number,
): Result<number, Failure> {
  const port = Number(asked ?? usual);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return ok(port);
  return fail({ kind: "usage", what: `the port of the ${name} is ${asked}, which is no port` });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/**
 * Where the people of a demo use passkeys. They belong to one name: this machine's own where only it can come, and the
 * one that a phone can find where others can too.
 */
function originsOf({ port, host, tls }: SitePlace): string {
  if (!tls) return `http://localhost:${port}`;
  const [short = ""] = hostname().toLowerCase().split(".", 1);
  const others = host === "0.0.0.0" || host === "::";
  return `https://${others ? `${short}.local` : "localhost"}:${port}`;
}
