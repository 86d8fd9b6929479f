import { join } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import {
  exposureFault,
  type GatewayOptions,
  localCertificate,
  readCertificate,
  readClients,
  readToken,
} from "@salus/gateway";
import type { Failure } from "../words.ts";

/** How a gateway listens, and to whom, as the command line says it. */
export interface ListeningCommand {
  readonly home: string;
  readonly port: number;
  readonly host: string;
  readonly origin?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly clients?: string;
  readonly tls?: boolean;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Read what the gateway listens with: certificates, the token, the programs that it knows.
 *
 * Fails:   `usage`, in the words of what is wrong.
 */
export async function listeningOf(
  command: ListeningCommand,
): Promise<Result<Omit<GatewayOptions, "world">, Failure>> {
  const { home, port, host, origin } = command;
  const token = await readToken({
    given: command.token,
    file: command.tokenFile,
    environment: process.env.SALUS_GATEWAY_TOKEN || undefined,
  });
  if (!token.ok) return usage(token.error.problem);
  const clients = command.clients === undefined ? ok([]) : await readClients(command.clients);
  if (!clients.ok) return usage(clients.error.problem);
  const tls = await certificateOf(command, home);
  if (!tls.ok) return tls;
  const access = { token: token.value, clients: clients.value };
  const authenticated = token.value !== undefined || clients.value.length > 0;
  // Before anything is opened: nobody should type a passphrase to be told this.
  const exposed = exposureFault({ host, tls: tls.value !== undefined, authenticated });
  if (exposed !== undefined) return usage(exposed);
  return ok({ host, port, origin, access, tls: tls.value });
}

async function certificateOf(
  { cert, key, tls = false, host }: ListeningCommand,
  home: string,
): Promise<Result<GatewayOptions["tls"], Failure>> {
  if ((cert === undefined) !== (key === undefined)) return usage("--cert and --key go together");
  if (cert === undefined || key === undefined) {
    if (!tls) return ok(undefined);
    const made = await localCertificate(join(home, "gateway"), host, Date.now());
    return made.ok ? made : usage(made.error.problem);
  }
  const read = await readCertificate(cert, key);
  return read.ok ? read : usage(read.error.problem);
}

function usage(what: string): Result<never, Failure> {
  return fail({ kind: "usage", what });
}
