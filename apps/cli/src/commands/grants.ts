import { ok, type Result, toHex } from "@salus/base";
import { type GivenAccess, type OwnRequest, type ReceivedAccess, shownText } from "@salus/client";
import type { Command } from "commander";
import { memberOf } from "../accounts/member.ts";
import { withWho } from "../accounts/options.ts";
import { identifierShown } from "../asked/identifier.ts";
import { hear, openRequester, type Requester } from "../asked/requester.ts";
import { accessJson, granteesText } from "../deciding/access-text.ts";
import { accessesOf, accessName, asOwner, type Owner } from "../deciding/owner.ts";
import { purposeText } from "../deciding/purpose.ts";
import { periodText, spanText } from "../deciding/time-text.ts";
import { EXIT } from "../exit.ts";
import {
  type CloudOptions,
  type DirectoryOptions,
  type HomeOptions,
  withCloud,
  withDirectory,
  withHome,
  withHomes,
} from "../options.ts";
import type { Session } from "../session.ts";
import { nameOf } from "../sharing/selection.ts";
import type { Shell } from "../shell.ts";
import type { Column } from "../table.ts";
import type { Failure } from "../words.ts";

interface GrantsOptions extends HomeOptions, CloudOptions, DirectoryOptions {
  readonly as?: string;
  readonly all?: boolean;
}

const MORE = `
A patient sees whom she lets read what, and how long yet; a practitioner, what she was given, by the patients'
own chains. --all also lists what is over.

Examples:
  $ salus grants --home ./ann ...
  $ salus grants --home ./bo --all --json ...`;

/** `grants`: what one lets others read; or what one was given. */
export function grantsCommand(program: Command, shell: Shell): void {
  const command = program
    .command("grants")
    .summary("whom you let read, or what you may read, and how long yet")
    .description("List accesses with the time that is left: given by a patient, or received.")
    .option("--all", "also what is revoked or expired")
    .option("--json", "one line of JSON each")
    .addHelpText("after", MORE)
    .action(shell.action((options: GrantsOptions) => runGrants(shell.session, options)));
  withDirectory(withCloud(withWho(withHome(command))));
}

async function runGrants(session: Session, options: GrantsOptions): Promise<number> {
  let practitioner: string | undefined;
  const code = await withHomes(session, options, async (homes) => {
    const person = memberOf(homes, options.as, "patient", "practitioner");
    if (!person.ok) return session.fail(person.error);
    if (person.value.role === "patient") return EXIT.done;
    practitioner = person.value.id;
    const requester = await openRequester(homes, options, practitioner);
    if (!requester.ok) return session.fail(requester.error);
    return showReceived(session, requester.value, options);
  });
  if (code !== EXIT.done || practitioner !== undefined) return code;
  const patient = options.as === undefined ? {} : { patient: options.as };
  return asOwner(session, { ...options, ...patient }, async (owner) => {
    showGiven(session, owner, options);
    return EXIT.done;
  });
}

function showGiven(session: Session, owner: Owner, { all }: GrantsOptions): void {
  session.list({
    rows: accessesOf(owner).filter(({ status }) => all === true || status === "live"),
    columns: givenColumns(owner),
    json: (access) => accessJson(owner, access),
    none: "Nobody but you may read.",
  });
}

function givenColumns(owner: Owner): readonly Column<GivenAccess>[] {
  return [
    { title: "Access", value: (access) => accessName(access).slice(0, 12), kept: true },
    { title: "Who", value: (access) => granteesText(owner, access) },
    {
      title: "Left",
      value: ({ status, leftMs }) => (status === "live" ? spanText(leftMs) : status),
    },
    { title: "Why", value: ({ purpose }) => purposeText(purpose) },
    { title: "Sources", value: (access) => sourcesText(owner, access) },
    { title: "Categories", kept: true, value: ({ categories }) => categories.join(", ") },
    { title: "Care of", value: ({ period }) => periodText(period) },
  ];
}

function sourcesText({ homes, patient, registry }: Owner, { sources }: GivenAccess): string {
  const wanted = new Set(sources.map(toHex));
  const names = patient
    .sources()
    .filter(({ source }) => wanted.has(toHex(source)))
    .map((source) => registry.byKey(source.key)?.name ?? nameOf(homes, source));
  return names.map((name) => shownText(name, 128)).join(", ");
}

/** A request that was approved, and what it gives now. */
interface Received {
  readonly own: OwnRequest;
  readonly access: ReceivedAccess;
}

async function showReceived(
  session: Session,
  requester: Requester,
  { all }: GrantsOptions,
): Promise<number> {
  const received = await readReceived(session, requester);
  if (!received.ok) return session.fail(received.error);
  session.list({
    rows: received.value.filter(({ access }) => all === true || access.status === "live"),
    columns: RECEIVED,
    json: receivedJson,
    none: "Nobody lets you read.",
  });
  return EXIT.done;
}

async function readReceived(
  session: Session,
  requester: Requester,
): Promise<Result<readonly Received[], Failure>> {
  const heard = await hear(requester);
  if (!heard.ok) return heard;
  const own = await requester.requests.list();
  if (!own.ok) return own;
  const received: Received[] = [];
  for (const one of own.value) {
    if (one.outcome.state !== "approved") continue;
    const { cloud, chains, requests } = requester;
    const access = await requests.access(one.handle, cloud, chains);
    if (access.ok) received.push({ own: one, access: access.value });
    else if (access.error.kind === "unreachable") return access;
    // One that does not hold must not hide the others.
    else session.fail(access.error);
  }
  return ok(received);
}

const RECEIVED: readonly Column<Received>[] = [
  { title: "Request", value: ({ own }) => toHex(own.handle).slice(0, 12), kept: true },
  { title: "Patient", value: ({ own }) => identifierShown(own.asked.identifier) || "her own code" },
  {
    title: "Left",
    value: ({ access }) => (access.status === "live" ? spanText(access.leftMs) : access.status),
  },
  {
    title: "Reads",
    value: ({ access }) =>
      access.sources
        .map(({ name, source, categories }) => `${name ?? toHex(source)}: ${categories.join(", ")}`)
        .join("; "),
  },
  { title: "Vault", value: ({ access }) => toHex(access.vault).slice(0, 12) },
];

function receivedJson({ own, access }: Received): object {
  return {
    request: toHex(own.handle),
    identifier: identifierShown(own.asked.identifier),
    vault: toHex(access.vault),
    state: access.status,
    sources: access.sources.map(({ source, name, node, categories }) => ({
      source: toHex(source),
      name: name ?? null,
      node: node ?? null,
      categories,
    })),
    period: access.period,
    until: new Date(access.expires).toISOString(),
    left: access.leftMs,
  };
}
