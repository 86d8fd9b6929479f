import { fail, ok, type Result, toHex } from "@salus/base";
import { decodeInvitation, identifierText, sendParcel } from "@salus/client";
import type { Mailbox } from "@salus/protocol";
import type { Command } from "commander";
import { newestMailbox } from "../accounts/member.ts";
import { withWho } from "../accounts/options.ts";
import { foundBefore } from "../asked/found-book.ts";
import { identifierOf } from "../asked/identifier.ts";
import { asRequester, find, type Requester, type RequesterOptions } from "../asked/requester.ts";
import { periodOf } from "../deciding/choice.ts";
import { EXIT } from "../exit.ts";
import { endOf, listOf, withCloud, withDirectory, withHome } from "../options.ts";
import type { Session } from "../session.ts";
import { categoriesOf } from "../sharing/selection.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface RequestOptions extends RequesterOptions {
  readonly source?: readonly string[];
  readonly category: readonly string[];
  readonly until: string;
  readonly period?: string;
  readonly purpose: string;
  readonly answerBy?: string;
  readonly note?: string;
  readonly region?: string;
}

const MORE = `
The patient may narrow what you ask for, and add nothing. Nothing tells you that she exists until she answers.

Examples:
  $ salus request email:ann@example.org --category laboratory,vitals --until 30d --note 'Before your visit' ...
  $ salus request salus:patient:... --category all --source north --until 2027-06-30 ...`;

/** `request`: ask a patient for access. */
export function requestCommand(program: Command, shell: Shell): void {
  const command = program
    .command("request <patient>")
    .summary("ask a patient to let you read")
    .description("Ask whoever has an identifier, or whose code this is, to let you read.")
    .requiredOption("--category <name...>", "which categories, or `ordinary`, or `all`", listOf)
    .requiredOption("--until <date>", "until when: 2027-06-30, or 30d")
    .option(
      "--source <node...>",
      "of which organisations, by their nodes; all when left out",
      listOf,
    )
    .option("--period <from..to>", "care of these days: 2020-01-01..2020-12-31")
    .option("--purpose <code>", "why, as a v3-PurposeOfUse code", "TREAT")
    .option("--answer-by <date>", "after that it is void; two weeks when left out")
    .option("--note <text>", "a word to the patient")
    .option("--region <code>", "country of a phone number without one: SE")
    .option("--json", "its name, as a line of JSON")
    .addHelpText("after", MORE)
    .action(
      shell.action((patient: string, options: RequestOptions) =>
        runRequest(shell.session, patient, options),
      ),
    );
  withDirectory(withCloud(withWho(withHome(command))));
}

function runRequest(session: Session, patient: string, options: RequestOptions): Promise<number> {
  const wanted = wantedOf(options);
  if (!wanted.ok) return Promise.resolve(session.fail(wanted.error));
  return asRequester(session, options, async (requester) => {
    const addressed = await addressOf(requester, patient, options);
    if (!addressed.ok) return session.fail(addressed.error);
    const order = { ...addressed.value, ...wanted.value };
    const asked = await requester.requests.ask(order, newestMailbox(requester.member).mailbox);
    if (!asked.ok) return session.fail(asked.error);
    const { to, kind, statement } = asked.value.letter;
    const sent = await sendParcel(requester.member.directory, to, kind, statement);
    if (!sent.ok) return session.fail(sent.error);
    const name = toHex(asked.value.handle);
    session.result(`asked ${name}`, { request: name });
    session.note("`salus requests` says what has become of it.");
    return EXIT.done;
  });
}

/** What is asked for, whoever is asked. */
interface Wanted {
  readonly sources: readonly string[] | "all";
  readonly categories: Extract<ReturnType<typeof categoriesOf>, { ok: true }>["value"];
  readonly purpose: string;
  readonly expires: number;
  readonly period?: readonly [start: number, end: number];
  readonly answerBy?: number;
  readonly note?: string;
}

function wantedOf(options: RequestOptions): Result<Wanted, Failure> {
  const { source = [], note, purpose } = options;
  const now = Date.now();
  const categories = categoriesOf(options.category);
  if (!categories.ok) return categories;
  const expires = endOf(options.until, now);
  if (!expires.ok) return expires;
  const period = options.period === undefined ? ok(undefined) : periodOf(options.period);
  if (!period.ok) return period;
  const answerBy = options.answerBy === undefined ? ok(undefined) : endOf(options.answerBy, now);
  if (!answerBy.ok) return answerBy;
  return ok({
    sources: source.length === 0 || source.includes("all") ? "all" : source,
    categories: categories.value,
    purpose,
    expires: expires.value,
    ...(period.value && { period: period.value }),
    ...(answerBy.value !== undefined && { answerBy: answerBy.value }),
    ...(note !== undefined && { note }),
  });
}

/** Where the patient reads: by her own code, an earlier look-up, or one that is made now. */
async function addressOf(
  requester: Requester,
  text: string,
  { region, purpose }: RequestOptions,
): Promise<Result<{ readonly to: Mailbox; readonly identifier: string }, Failure>> {
  if (text.startsWith("salus:")) {
    const code = decodeInvitation(text);
    if (!code.ok) return code;
    if (code.value.kind !== "patient") return fail({ kind: "bad-invitation" });
    return ok({ to: code.value.mailbox, identifier: "" });
  }
  const identifier = identifierOf(text, region);
  if (!identifier.ok) return identifier;
  const before = await foundBefore(requester.member.home.store, identifier.value);
  if (!before.ok) return before;
  const found =
    before.value === undefined
      ? await find(requester, identifier.value, purpose)
      : ok(before.value);
  return found.ok ? ok({ to: found.value, identifier: identifierText(identifier.value) }) : found;
}
