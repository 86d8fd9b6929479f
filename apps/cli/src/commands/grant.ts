import { fail, ok, type Result, toHex } from "@salus/base";
import { ChainCache, type GivenGrant, type Patient, shownText } from "@salus/client";
import type { Command } from "commander";
import { connect } from "../connect.ts";
import { momentText } from "../deciding/time-text.ts";
import { EXIT } from "../exit.ts";
import { openPatient } from "../homes/clients.ts";
import type { Homes } from "../homes/homes.ts";
import type { Person } from "../homes/person.ts";
import {
  type CloudOptions,
  endOf,
  type HomeOptions,
  listOf,
  withCloud,
  withHome,
  withHomes,
} from "../options.ts";
import { counted } from "../progress.ts";
import type { Session } from "../session.ts";
import { granteeOf } from "../sharing/grantee.ts";
import { categoriesOf, sourcesOf } from "../sharing/selection.ts";
import { grantJson } from "../sharing/vault-text.ts";
import type { Shell } from "../shell.ts";
import type { Failure } from "../words.ts";

interface GrantOptions extends HomeOptions, CloudOptions {
  readonly patient: string;
  readonly to: string;
  readonly source?: readonly string[];
  readonly category: readonly string[];
  readonly until: string;
  readonly purpose: string;
}

const GRANT_MORE = `
A grant wraps keys: it costs the same for one record and for a million. It covers what these sources
write until it ends; nothing else opens with it. Categories: vitals, laboratory, conditions, medications,
allergies, immunizations, encounters, procedures, documents, imaging, care-plans, administrative; sensitive:
mental-health, sexual-health, genetics, substance-use. "ordinary" is all but the sensitive ones.

Examples:
  $ salus grant --patient 17 --to dr-brown --category laboratory,vitals --until 30d ...
  $ salus grant --patient 17 --to card.txt --source 'General Hospital' --category all --until 2027-06-30 ...`;

/** `grant`: the patient lets somebody read. */
export function grantCommand(program: Command, shell: Shell): void {
  const command = program
    .command("grant")
    .summary("let somebody read")
    .description("Let somebody read some categories of some sources, until a day.")
    .requiredOption("--patient <id>", "whose record")
    .requiredOption("--to <who>", "who is to read: a name from `salus keys`, or a file with a card")
    .option("--source <name...>", "of which sources; all that write now when left out", listOf)
    .requiredOption("--category <name...>", "which categories, or `ordinary`, or `all`", listOf)
    .requiredOption("--until <date>", "when it ends: 2027-06-30, or 30d")
    .option("--purpose <code>", "why, as a v3-PurposeOfUse code", "TREAT")
    .option("--json", "the grant, as a line of JSON")
    .addHelpText("after", GRANT_MORE)
    .action(shell.action((options: GrantOptions) => runGrant(shell.session, options)));
  withCloud(withHome(command));
}

function runGrant(session: Session, options: GrantOptions): Promise<number> {
  return withPatient(session, options, async (homes, patient) => {
    const grantee = await granteeOf(homes, options.to);
    if (!grantee.ok) return session.fail(grantee.error);
    const sources = sourcesOf({ homes }, patient, options.source ?? []);
    if (!sources.ok) return session.fail(sources.error);
    const categories = categoriesOf(options.category);
    if (!categories.ok) return session.fail(categories.error);
    const expires = endOf(options.until, Date.now());
    if (!expires.ok) return session.fail(expires.error);
    const { name, card } = grantee.value;
    const granted = await patient.grant({
      grantee: card,
      sources: sources.value,
      categories: categories.value,
      purpose: options.purpose,
      expires: expires.value,
    });
    if (!granted.ok) return session.fail(granted.error);
    const handle = toHex(granted.value);
    const given = sayGrant(session, homes, patient, handle);
    session.note(
      `${shownText(name, 128)} may read ${given.categories.join(", ")} of ` +
        `${counted(given.sources.length, "source")} until ${momentText(given.expires)}. ` +
        `To end it: salus revoke ${handle.slice(0, 8)} --patient ${options.patient}`,
    );
    return EXIT.done;
  });
}

/** Say a grant that was just given: its handle, for machines what it covers too. */
export function sayGrant(
  session: Session,
  homes: Homes,
  patient: Patient,
  handle: string,
): GivenGrant {
  const given = patient.grants().find(({ grant }) => toHex(grant) === handle);
  if (given === undefined) throw new Error("bug: what was granted is in the chain");
  session.result(handle, { vault: toHex(patient.vault), ...grantJson(homes, given) });
  return given;
}

/** Run something with a patient whose home is here: the one that is named, or the only one. */
export function withPatient(
  session: Session,
  options: HomeOptions & CloudOptions & { readonly patient?: string },
  run: (homes: Homes, patient: Patient) => Promise<number>,
): Promise<number> {
  return withHomes(session, options, async (homes) => {
    const person = patientOf(homes, options.patient);
    if (!person.ok) return session.fail(person.error);
    const cloud = await connect(options.cloud);
    if (!cloud.ok) return session.fail(cloud.error);
    const shared = { cloud: cloud.value, chains: new ChainCache() };
    const patient = await openPatient(homes, person.value, shared);
    return patient.ok ? run(homes, patient.value) : session.fail(patient.error);
  });
}

function patientOf(homes: Homes, name: string | undefined): Result<Person, Failure> {
  if (name !== undefined) return homes.find(name, "a patient", "patient");
  const patients = homes.people("patient");
  const [only] = patients;
  if (only !== undefined && patients.length === 1) return ok(only);
  const next = "name her with --patient; `salus keys` lists who is here.";
  return fail({ kind: "usage", what: "it is not said whose vault", next });
}
