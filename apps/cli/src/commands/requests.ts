import { toHex } from "@salus/base";
import type { Inbox, OwnRequest, SeenLookUp } from "@salus/client";
import { shownText } from "@salus/client";
import type { Command } from "commander";
import { memberOf } from "../accounts/member.ts";
import { withWho } from "../accounts/options.ts";
import { identifierShown } from "../asked/identifier.ts";
import { hear, openRequester, type Requester } from "../asked/requester.ts";
import { type Decider, openDecider } from "../deciding/decider.ts";
import { readInbox } from "../deciding/inbox.ts";
import { requestJson, requestLines } from "../deciding/proposal-text.ts";
import { purposeText } from "../deciding/purpose.ts";
import { momentText } from "../deciding/time-text.ts";
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
import type { Shell } from "../shell.ts";
import type { Column } from "../table.ts";

interface RequestsOptions extends HomeOptions, CloudOptions, DirectoryOptions {
  readonly as?: string;
}

const MORE = `
A patient sees what waits for her answer, and who has looked for her. A practitioner sees what has become of
her own requests.

Examples:
  $ salus requests --home ./ann ...
  $ salus requests --home ./bo --json ...`;

/** `requests`: what waits for an answer; or what has become of one's own. */
export function requestsCommand(program: Command, shell: Shell): void {
  const command = program
    .command("requests")
    .summary("requests that wait for you, or your own")
    .description("List requests: a patient's that wait for an answer, a practitioner's own.")
    .option("--json", "one line of JSON each")
    .addHelpText("after", MORE)
    .action(shell.action((options: RequestsOptions) => runRequests(shell.session, options)));
  withDirectory(withCloud(withWho(withHome(command))));
}

function runRequests(session: Session, options: RequestsOptions): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const person = memberOf(homes, options.as, "patient", "practitioner");
    if (!person.ok) return session.fail(person.error);
    const { role, id } = person.value;
    if (role === "patient") {
      const decider = await openDecider(homes, options, id);
      return decider.ok ? showInbox(session, decider.value) : session.fail(decider.error);
    }
    const requester = await openRequester(homes, options, id);
    return requester.ok ? showOwn(session, requester.value) : session.fail(requester.error);
  });
}

async function showInbox(session: Session, decider: Decider): Promise<number> {
  const inbox = await readInbox(decider);
  if (!inbox.ok) return session.fail(inbox.error);
  const { pending, lookUps, notShown } = inbox.value;
  if (session.forMachines) {
    for (const { opened } of pending) session.json({ state: "pending", ...requestJson(opened) });
    for (const seen of lookUps) session.json(lookUpJson(seen));
    for (const { number, kind } of notShown) session.json({ state: "not-shown", number, kind });
    return EXIT.done;
  }
  for (const { opened } of pending) {
    for (const line of requestLines(opened)) session.out(line);
    session.out("");
  }
  sayRest(session, inbox.value);
  return EXIT.done;
}

function sayRest(session: Session, { pending, lookUps, notShown }: Inbox): void {
  if (pending.length === 0) session.out("No request waits for an answer.");
  for (const seen of lookUps) {
    const { who, identifier } = lookUpJson(seen);
    const by = identifier === null ? "" : ` by ${identifier}`;
    session.out(
      `${momentText(seen.time)}: ${who} looked for you${by}, for ${purposeText(shownText(seen.reason, 64))}`,
    );
  }
  if (notShown.length === 0) return;
  const kinds = [...new Set(notShown.map(({ kind }) => kind))].join(", ");
  session.note(`${notShown.length} more are not shown, since they do not hold (${kinds}).`);
}

function lookUpJson({ by, reason, time, identifier }: SeenLookUp): {
  readonly state: "look-up";
  readonly who: string;
  readonly identifier: string | null;
  readonly reason: string;
  readonly time: string;
} {
  const { name = "", node = "" } = by.ok ? by.value.physician.payload : {};
  return {
    state: "look-up",
    who: by.ok
      ? `${shownText(name, 128)} [${shownText(node, 128)}]`
      : `somebody (${by.error.kind})`,
    identifier: identifier === undefined ? null : `${identifier.kind}:${identifier.value}`,
    reason: shownText(reason, 64),
    time: new Date(time).toISOString(),
  };
}

async function showOwn(session: Session, requester: Requester): Promise<number> {
  const unheard = await hear(requester);
  if (!unheard.ok) return session.fail(unheard.error);
  const own = await requester.requests.list();
  if (!own.ok) return session.fail(own.error);
  const none = "You have asked nobody.";
  session.list({ rows: own.value, columns: COLUMNS, json: ownJson, none });
  for (const { kind } of unheard.value) session.note(`An answer was not believed (${kind}).`);
  return EXIT.done;
}

function ownJson({ handle, asked, outcome }: OwnRequest): object {
  const { vault, ...rest } = { vault: undefined, ...outcome };
  return {
    request: toHex(handle),
    identifier: identifierShown(asked.identifier),
    purpose: asked.purpose,
    sources: asked.sources,
    categories: asked.categories,
    until: new Date(asked.expires).toISOString(),
    time: new Date(asked.time).toISOString(),
    ...rest,
    ...(vault !== undefined && { vault: toHex(vault) }),
  };
}

const COLUMNS: readonly Column<OwnRequest>[] = [
  { title: "Request", value: ({ handle }) => toHex(handle).slice(0, 12), kept: true },
  { title: "State", value: ({ outcome }) => outcome.state },
  { title: "Asked of", value: ({ asked }) => identifierShown(asked.identifier) || "her own code" },
  { title: "Asked", value: ({ asked }) => momentText(asked.time) },
  { title: "Categories", kept: true, value: ({ asked }) => asked.categories.join(", ") || "all" },
  { title: "Note", value: ({ outcome }) => ("note" in outcome ? outcome.note : "") },
];
