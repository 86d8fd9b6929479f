import { ok, type Result } from "@salus/base";
import { type Cloud, encodeCard, httpCloud, openOrCreateIdentity } from "@salus/client";
import { openOrCreateHome } from "@salus/client/file";
import { Source } from "@salus/client/writer";
import { type Command, Option } from "commander";
import { EXIT } from "../exit.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withCloud,
  withDirectory,
  withHome,
} from "../options.ts";
import { unlockOf } from "../passphrase.ts";
import { Gateway } from "../processes/gateway.ts";
import type { Said } from "../processes/source.ts";
import { storeWritings } from "../processes/writing-gateway.ts";
import type { Session } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

const ABOUT_SERVING =
  "Be one source's gateway: take what its practitioners write from the organisation's mailbox, and store it in the patients' records, until it is asked to end.";

interface ServeOptions extends SourceOptions, DirectoryOptions {
  readonly authority: readonly string[];
}

interface SourceOptions extends HomeOptions, CloudOptions {
  readonly node: string;
  readonly inTheClear?: boolean;
}

const ABOUT =
  "Be one source: seal and deliver what is told on standard input, with the keys of one home. Lines of JSON in and out; `salus demo` runs one process of this for each hospital.";

/** `source run`: a hospital's gateway as a process of its own. */
export function sourceCommand(program: Command, shell: Shell): void {
  const source = program.command("source", { hidden: true }).description("run one source");
  const command = source
    .command("run")
    .description(ABOUT)
    .requiredOption("--node <id>", "the organisation's provider id")
    .addOption(new Option("--in-the-clear", "make a home without a passphrase").hideHelp())
    .action(shell.action((options: SourceOptions) => runSource(shell.session, options)));
  withCloud(withHome(command));
  const serve = source
    .command("serve")
    .description(ABOUT_SERVING)
    .requiredOption("--node <id>", "the organisation's provider id")
    .requiredOption("--authority <key...>", "keys of the authorities that certify, hexadecimal")
    .addOption(new Option("--in-the-clear", "the home has no passphrase").hideHelp())
    .action(shell.action((options: ServeOptions) => runServing(shell.session, options)));
  withDirectory(withCloud(withHome(serve)));
}

/** Take what practitioners write, with the keys of one source. Gives: the exit code. */
async function runServing(session: Session, options: ServeOptions): Promise<number> {
  const stopped = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      stopped.abort();
      // Whoever started it may hold its standard input open, which would keep it from ending.
      process.stdin.destroy();
    });
  }
  const result = await withSource(session, options, (source, cloud) => {
    const { directory, authority: authorities } = options;
    const say = (said: object): void => session.json(said);
    return storeWritings({ source, cloud, directory, authorities }, say, stopped.signal);
  });
  return result.ok ? EXIT.done : session.fail(result.error);
}

async function runSource(session: Session, options: SourceOptions): Promise<number> {
  const say = (said: Said): void => session.json(said);
  const result = await serve(session, options, say);
  if (result.ok) return EXIT.done;
  say({ failed: result.error.kind });
  return session.fail(result.error);
}

async function serve(
  session: Session,
  options: SourceOptions,
  say: (said: Said) => void,
): Promise<Result<void, Failure>> {
  return withSource(session, options, async (source, cloud) => {
    say({ card: encodeCard(source.identity.card) });
    const stopped = new AbortController();
    process.on("SIGTERM", () => {
      stopped.abort();
      process.stdin.destroy();
    });
    return new Gateway(source, cloud, say).work(process.stdin, stopped.signal);
  });
}

/** Open the source of a home, made if it is not there, for as long as something works with it. */
async function withSource(
  session: Session,
  options: SourceOptions,
  work: (source: Source, cloud: Cloud) => Promise<Result<void, Failure>>,
): Promise<Result<void, Failure>> {
  const unlock =
    options.inTheClear === true
      ? ok({ kind: "clear" as const })
      : await unlockOf(session, options.home, { file: options.passphraseFile, create: true });
  if (!unlock.ok) return unlock;
  const home = await openOrCreateHome(options.home, unlock.value);
  if (!home.ok) return home;
  try {
    const { store } = home.value;
    const identity = await openOrCreateIdentity(store);
    if (!identity.ok) return identity;
    const cloud = httpCloud(options.cloud);
    const source = await Source.open({ cloud, store, node: options.node });
    if (!source.ok) return source;
    return await work(source.value, cloud);
  } finally {
    await home.value.close();
  }
}
