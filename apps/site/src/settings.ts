import { join } from "node:path";
import { parseArgs } from "node:util";
import { portOf, StartFailure } from "@salus/service";
import type { SiteOptions } from "./site.ts";

/** What a command line and an environment say about a site. */
export interface Settings extends Omit<SiteOptions, "certificate" | "limits" | "log"> {
  readonly tls: boolean;
  /** Where the certificate is kept. */
  readonly data: string;
}

export const USAGE = `usage: salus web serve --cloud URL --directory URL [options]

  --cloud URL       the cloud (SALUS_CLOUD)
  --directory URL   the directory (SALUS_DIRECTORY)
  --port N          0 for any that is free (PORT; default 8080)
  --host NAME       the address to listen on (HOST; default 127.0.0.1); others need --tls
  --tls             make a certificate for this machine, and serve under it
  --data DIR        where that is kept (DATA_DIR; default .data/site)
  --files DIR       a build of the web application; its own if left out
  --demo FILE       say who the people of a demo are

WEB_ORIGIN          where people find it, when something else ends TLS before it: https://salus.example
AUTHORITIES, AUTHORITIES_NEEDED   whom the application believes about organisations and physicians

Prints one line \`ready URL\` when it serves. SIGTERM ends it.
`;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read what a site shall be.
 *
 * Takes:   `beside`, the folder that the program is in.
 * Fails:   `bad-option`, as a `StartFailure`; throws what `parseArgs` throws.
 */
export function readSettings(
  args: readonly string[],
  env: Environment,
  beside: string,
): Settings | "help" {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ cloud: text, directory: text, port: text, host: text, data: text },
      ...{ files: text, demo: text, tls: flag, help: { ...flag, short: "h" } },
    },
  });
  if (values.help) return "help";
  const settings = {
    cloud: serviceOf("--cloud", values.cloud ?? env.SALUS_CLOUD),
    directory: serviceOf("--directory", values.directory ?? env.SALUS_DIRECTORY),
    port: portOf(values.port ?? env.PORT ?? 8080),
    host: values.host ?? env.HOST ?? "127.0.0.1",
    data: values.data ?? env.DATA_DIR ?? join(".data", "site"),
    files: values.files ?? join(beside, "web"),
    demo: values.demo,
    tls: values.tls,
    origins: originsOf(env.WEB_ORIGIN),
    ...trustOf(env),
  };
  if (!isSafe(settings)) {
    throw new StartFailure(
      "bad-option",
      `${settings.host} is reached from other machines: --tls is needed, or WEB_ORIGIN=https://… when something else ends TLS`,
    );
  }
  return settings;
}

function serviceOf(option: string, text: string | undefined): URL {
  const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new StartFailure("bad-option", `${option} is an address like http://127.0.0.1:8081`);
}

function originsOf(text: string | undefined): readonly string[] {
  const origins = (text ?? "").split(",").flatMap((part) => part.trim() || []);
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new StartFailure("bad-option", "WEB_ORIGIN is a list like https://salus.example");
  }
  return origins;
}

/** The same as the directory is told. */
function trustOf(env: Environment): Pick<SiteOptions, "authorities" | "authoritiesNeeded"> {
  const authorities = (env.AUTHORITIES ?? "").split(",").flatMap((part) => part.trim() || []);
  if (!authorities.every((key) => /^[0-9a-f]{64}$/.test(key))) {
    throw new StartFailure("bad-option", "AUTHORITIES are keys of 64 hexadecimal digits");
  }
  const needed = Number(env.AUTHORITIES_NEEDED || 1);
  if (!Number.isInteger(needed) || needed < 1 || needed > Math.max(1, authorities.length)) {
    throw new StartFailure("bad-option", "AUTHORITIES_NEEDED is a number of authorities");
  }
  return { authorities, authoritiesNeeded: needed };
}

/** Without TLS a browser gives a page neither passkeys nor cryptography, except on its own machine. */
function isSafe({ host, tls, origins }: Pick<Settings, "host" | "tls" | "origins">): boolean {
  const here = host === "localhost" || host === "::1" || host.startsWith("127.");
  const before = origins.length > 0 && origins.every((origin) => origin.startsWith("https:"));
  return here || tls || before;
}
