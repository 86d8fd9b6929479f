import { parseArgs } from "node:util";
import type { RunningService, ServiceOptions } from "./service.ts";
import { StartFailure } from "./start-failure.ts";

/** A service as a program that is started from a command line. */
export interface Program {
  readonly name: string;
  /** Where it listens unless told otherwise. */
  readonly port: number;
  /** Options of its own, each of which may be given several times, and what they mean. */
  readonly further?: Readonly<Record<string, string>>;
  /** Takes: `given`, what was said for the options of its own. */
  readonly start: (options: ServiceOptions, given: Given) => Promise<RunningService>;
}

/** Texts by option, in the order in which they were given. */
export type Given = Readonly<Record<string, readonly string[]>>;

const EXIT = { usage: 2, start: 3, lost: 4 } as const;

/** The version that the bundle was built as. */
declare const SALUS_VERSION: string | undefined;

function usageOf({ name, port, further = {} }: Program): string {
  const names = Object.keys(further).map((option) => ` [--${option} …]`);
  const lines = Object.entries(further).map(([option, text]) => `  --${option} …  ${text}\n`);
  return `usage: ${name} [--port N] [--host NAME] [--data DIR] [--database URL] [--open-metrics]${names.join("")}

  --port N         0 for any that is free (PORT; default ${port})
  --host NAME      the address to listen on (HOST; default 127.0.0.1)
  --data DIR       where the embedded database is kept (DATA_DIR; default .data/${name})
  --database URL   another PostgreSQL, instead of the embedded one (DATABASE_URL)
  --open-metrics   let other machines read /metrics
${lines.join("")}
Prints one line \`ready URL\` when it serves. SIGTERM ends it.
`;
}

interface Settings {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly database: string | undefined;
  readonly openMetrics: boolean;
}

const REPEATED = { type: "string", multiple: true } as const;

function readSettings(
  program: Program,
): { readonly settings: Settings; readonly given: Given } | "help" {
  const further = Object.keys(program.further ?? {});
  const { values } = parseArgs({
    options: {
      ...Object.fromEntries(further.map((option) => [option, REPEATED])),
      port: { type: "string" },
      host: { type: "string" },
      data: { type: "string" },
      database: { type: "string" },
      "open-metrics": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const { env } = process;
  const settings = {
    port: portOf(values.port ?? env.PORT ?? program.port),
    host: values.host ?? env.HOST ?? "127.0.0.1",
    data: values.data ?? env.DATA_DIR ?? `.data/${program.name}`,
    database: databaseOf(values.database ?? (env.DATABASE_URL || undefined)),
    openMetrics: values["open-metrics"],
  };
  const said: Readonly<Record<string, unknown>> = values;
  const given = further.map((option) => [option, said[option] ?? []] as const);
  return { settings, given: Object.fromEntries(given) as Given };
}

/** What serves, at an address, until it is ended. */
export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

/** What a command line starts: something that serves, or only words about itself. */
export interface Launch {
  readonly usage: string;
  /** Takes: the version that was built. */
  readonly start: (version: string) => Promise<Serving | "help">;
}

async function serve({ usage, start }: Launch): Promise<void> {
  const starting = start(typeof SALUS_VERSION === "string" ? SALUS_VERSION : "0.0.0");
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      // What is being started is ended when it has started: nothing writes on after we are gone.
      starting.then(end, () => undefined);
    });
  }
  const service = await starting;
  if (stopping) return;
  process.stdout.write(service === "help" ? usage : `ready ${service.url}\n`);
}

async function end(service: Serving | "help"): Promise<void> {
  if (service === "help") process.exit(0);
  await service.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

/**
 * Be a program that serves: start, say `ready URL`, and end when told to.
 *
 * What `start` throws as a `StartFailure` is said in one line; exit codes are those of `EXIT`.
 */
export function launch(program: Launch): void {
  serve(program).catch((error: unknown) => {
    if (error instanceof StartFailure) {
      process.stderr.write(`${error.message} [${error.kind}]\n`);
      process.exit(error.kind === "bad-option" ? EXIT.usage : EXIT.start);
    }
    const usage = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") ?? false;
    process.stderr.write(usage ? program.usage : `${(error as Error).stack}\n`);
    process.exit(usage ? EXIT.usage : 1);
  });
}

/** Be a service with a database: read the command line and the environment, and `launch`. */
export function runProgram(program: Program): void {
  const onLost = (): void => process.exit(EXIT.lost);
  const start = async (version: string): Promise<Serving | "help"> => {
    const read = readSettings(program);
    if (read === "help") return "help";
    return program.start({ ...read.settings, version, onLost }, read.given);
  };
  launch({ usage: usageOf(program), start });
}

/** The address of a database as somebody wrote it. Fails: `bad-option`, as a `StartFailure`. */
function databaseOf(url: string | undefined): string | undefined {
  if (url === undefined || /^postgres(?:ql)?:\/\//.test(url)) return url;
  // A password may stand in it: it is not said again.
  throw new StartFailure("bad-option", "--database is an address like postgres://user@host/name");
}

/** A port as somebody wrote it. Fails: `bad-option`, as a `StartFailure`. */
export function portOf(text: string | number): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartFailure("bad-option", "--port is a number from 0 to 65535");
}
