import { once } from "node:events";
import { join } from "node:path";
import { fail, ok, type Result } from "@salus/base";
import { ChainCache, type Cloud } from "@salus/client";
import { homeState, type Unlock } from "@salus/client/file";
import { type GatewayFailure, type RunningGateway, startGateway } from "@salus/gateway";
import { connect } from "../connect.ts";
import { EXIT } from "../exit.ts";
import { openRegistry } from "../homes/clients.ts";
import { Homes } from "../homes/homes.ts";
import { unlockOf } from "../passphrase.ts";
import type { Child } from "../processes/child.ts";
import { startServer } from "../processes/server.ts";
import { Session } from "../session.ts";
import type { Failure } from "../words.ts";
import { type ListeningCommand, listeningOf } from "./listening.ts";
import { openParty, type Party } from "./party.ts";
import { openSandboxParty } from "./sandbox.ts";

/** What the command line says. */
export interface GatewayCommand extends ListeningCommand {
  readonly passphraseFile?: string;
  /** Left out: a sandbox starts one of its own. */
  readonly cloud?: string;
  readonly as?: string;
  readonly reader?: string;
  readonly sandbox?: boolean;
}

/** A program that asks is told soon that the cloud does not answer: it can ask again itself. */
const PATIENCE_MS = 5_000;

/** What was begun, and is to be ended in the opposite order. */
interface Begun {
  gateway?: RunningGateway;
  homes?: Homes;
  cloud?: Child;
}

/**
 * Be a gateway until asked to end.
 *
 * This is a bundle of its own, loaded when it is asked for: what a gateway needs, no other command should wait for.
 *
 * Gives:   the exit code.
 */
export async function run(command: GatewayCommand): Promise<number> {
  const session = new Session();
  const stopped = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => stopped.abort());
  const asked = once(stopped.signal, "abort").then(() => ok(undefined));
  const begun: Begun = {};
  const serving = serve(session, command, begun, asked);
  const ended = await Promise.race([asked, serving]);
  // Asked to end while it begins, it ends what has begun by then.
  if (stopped.signal.aborted && begun.gateway === undefined) await settled(serving, begun);
  await begun.gateway?.close();
  await begun.homes?.close();
  await begun.cloud?.stop();
  return ended.ok || stopped.signal.aborted ? EXIT.done : session.fail(ended.error);
}

/** What is under way ends with an error when the cloud goes; without one of its own it is waited for. */
async function settled(serving: Promise<unknown>, begun: Begun): Promise<void> {
  await begun.cloud?.stop();
  await serving;
}

async function serve(
  session: Session,
  command: GatewayCommand,
  begun: Begun,
  asked: Promise<unknown>,
): Promise<Result<void, Failure>> {
  if (command.cloud === undefined && command.sandbox !== true) {
    return fail({ kind: "usage", what: "--cloud is missing", next: "or add --sandbox." });
  }
  const listening = await listeningOf(command);
  if (!listening.ok) return listening;
  const homes = await openHomes(session, command);
  if (!homes.ok) return homes;
  begun.homes = homes.value;
  const cloud = await cloudOf(session, command, begun);
  if (!cloud.ok) return cloud;
  const party = await partyOf(homes.value, cloud.value, command);
  if (!party.ok) return party;
  const { world, about } = party.value;
  const started = await startGateway({ world, ...listening.value });
  if (!started.ok) return fail(notStarted(started.error, command));
  begun.gateway = started.value;
  session.note(`This gateway ${about}.`);
  session.out(`ready ${started.value.base}`);
  const lost = begun.cloud?.ended.then(() => "lost" as const);
  const how = await (lost === undefined ? asked : Promise.race([asked, lost]));
  if (how !== "lost") return ok(undefined);
  const said = begun.cloud?.lastWords ?? "";
  return fail({ kind: "server-failed", name: "cloud", said });
}

function notStarted(failure: GatewayFailure, { host, port }: GatewayCommand): Failure {
  if (failure.kind === "exposed") return { kind: "usage", what: failure.says };
  const said = `cannot listen on ${host}:${port} (${failure.code})`;
  return { kind: "server-failed", name: "gateway", said };
}

/** A sandbox's homes are in the clear, as a demo's: they are made where they are not there. */
async function openHomes(
  session: Session,
  { home, passphraseFile: file, sandbox = false }: GatewayCommand,
): Promise<Result<Homes, Failure>> {
  const isNew = (await homeState(home)) === "absent";
  const clear: Unlock = { kind: "clear" };
  const unlock =
    sandbox && isNew ? ok(clear) : await unlockOf(session, home, { file, create: false });
  return unlock.ok ? Homes.at(home, unlock.value, { create: sandbox }) : unlock;
}

async function cloudOf(
  session: Session,
  { home, cloud: url }: GatewayCommand,
  begun: Begun,
): Promise<Result<Cloud, Failure>> {
  if (url !== undefined) return connect(url, PATIENCE_MS);
  session.note("Starting a cloud of its own below the home.");
  const settings = { port: 0, data: join(home, "cloud") };
  const started = await startServer("cloud", settings, (child) => {
    begun.cloud = child;
  });
  return started.ok ? connect(started.value.url, PATIENCE_MS) : started;
}

async function partyOf(
  homes: Homes,
  cloud: Cloud,
  { sandbox, ...whom }: GatewayCommand,
): Promise<Result<Party, Failure>> {
  if (sandbox === true) return openSandboxParty(homes, cloud);
  const registry = await openRegistry(homes, cloud);
  if (!registry.ok) return registry;
  return openParty(homes, { cloud, chains: new ChainCache(), registry: registry.value }, whom);
}
