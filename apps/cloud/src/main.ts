import { parseArgs } from "node:util";
import { startCloud } from "./cloud.ts";
import { StartFailure } from "./start-failure.ts";

const USAGE = `usage: cloud [--port N] [--host NAME] [--data DIR] [--database URL] [--open-metrics]

  --port N         0 for any that is free (PORT; default 8080)
  --host NAME      the address to listen on (HOST; default 127.0.0.1)
  --data DIR       where the embedded database is kept (DATA_DIR; default .data/cloud)
  --database URL   another PostgreSQL, instead of the embedded one (DATABASE_URL)
  --open-metrics   let other machines read /metrics

Prints one line \`ready URL\` when it serves. SIGTERM ends it.
`;

const EXIT = { usage: 2, start: 3, lost: 4 } as const;

/** The version that the bundle was built as. */
declare const SALUS_VERSION: string | undefined;

interface Settings {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly database: string | undefined;
  readonly openMetrics: boolean;
}

function readSettings(): Settings | "help" {
  const { values } = parseArgs({
    options: {
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
  const port = Number(values.port ?? env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartFailure("bad-option", "--port is a number from 0 to 65535");
  }
  return {
    port,
    host: values.host ?? env.HOST ?? "127.0.0.1",
    data: values.data ?? env.DATA_DIR ?? ".data/cloud",
    database: values.database ?? (env.DATABASE_URL || undefined),
    openMetrics: values["open-metrics"],
  };
}

async function main(): Promise<void> {
  const settings = readSettings();
  if (settings === "help") {
    process.stdout.write(USAGE);
    return;
  }
  const version = typeof SALUS_VERSION === "string" ? SALUS_VERSION : "0.0.0";
  const cloud = await startCloud({ ...settings, version, onLost: () => process.exit(EXIT.lost) });
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      cloud.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
  process.stdout.write(`ready ${cloud.url}\n`);
}

main().catch((error: unknown) => {
  if (error instanceof StartFailure) {
    process.stderr.write(`${error.message} (${error.kind})\n`);
    process.exit(error.kind === "bad-option" ? EXIT.usage : EXIT.start);
  }
  const usage = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") ?? false;
  process.stderr.write(usage ? USAGE : `${(error as Error).stack}\n`);
  process.exit(usage ? EXIT.usage : 1);
});
