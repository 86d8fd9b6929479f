import { join } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import type { Child } from "../processes/child.ts";
import { type RunningServer, type ServerName, startServer } from "../processes/server.ts";
import type { Failure } from "../words.ts";

/** The two servers of a demo, each with a database of its own. */
export interface Running {
  readonly cloud: RunningServer;
  readonly directory: RunningServer;
}

const PORTS: Readonly<Record<ServerName, number>> = { cloud: 8080, directory: 8081 };

/** Starts the servers of a demo, and ends them, whatever happens to the rest. */
export class Servers {
  readonly #children: Child[] = [];

  /**
   * Start both side by side.
   *
   * Takes:   `authority`, whom the directory believes about practitioners; `PORT` and `DATABASE_URL` for the cloud, `DIRECTORY_PORT` and `DIRECTORY_DATABASE_URL`
   *          for the directory.
   * Fails:   `usage`, `server-failed`.
   */
  async start(
    data: string,
    authority: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<Result<Running, Failure>> {
    const { PORT, DATABASE_URL, DIRECTORY_PORT, DIRECTORY_DATABASE_URL } = environment;
    const [cloud, directory] = await Promise.all([
      this.#startOne("cloud", data, PORT, DATABASE_URL, {}),
      this.#startOne("directory", data, DIRECTORY_PORT, DIRECTORY_DATABASE_URL, {
        AUTHORITIES: authority,
        SMS: "outbox",
      }),
    ]);
    if (!cloud.ok) return cloud;
    return directory.ok ? ok({ cloud: cloud.value, directory: directory.value }) : directory;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }

  async #startOne(
    name: ServerName,
    data: string,
    asked: string | undefined,
    database: string | undefined,
    env: NodeJS.ProcessEnv,
  ): Promise<Result<RunningServer, Failure>> {
    const port = Number(asked || PORTS[name]);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
      return fail({ kind: "usage", what: `the port of the ${name} is ${asked}, which is no port` });
    }
    const settings = { data: join(data, name), database: database || undefined, env };
    const onChild = (child: Child): void => {
      this.#children.push(child);
    };
    const started = await startServer(name, { ...settings, port }, onChild);
    // Nobody asked for this port: any other is as good.
    const taken = !started.ok && !asked && isTaken(started.error);
    return taken ? startServer(name, { ...settings, port: 0 }, onChild) : started;
  }
}

function isTaken(failure: Failure): boolean {
  return failure.kind === "server-failed" && failure.said.includes("address-in-use");
}
